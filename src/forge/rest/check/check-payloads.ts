import type { Hub } from "../../hub/hub.ts";
import type { PayloadRegistry } from "../../webhooks/payload-registry.ts";
import { presentCheckRunPayload, presentCheckSuitePayload } from "../present/present-check.ts";

/** Payloads about check runs and check suites. */
export function registerCheckPayloads(hub: Hub, payloads: PayloadRegistry): void {
  payloads.register("check_run", ({ checkRunId, requestedActionIdentifier }) => ({
    check_run: presentCheckRunPayload(hub, hub.store.checkRuns.require(checkRunId)),
    ...(requestedActionIdentifier !== undefined && {
      requested_action: { identifier: requestedActionIdentifier },
    }),
  }));

  payloads.register("check_suite", ({ checkSuiteId }) => ({
    check_suite: presentCheckSuitePayload(hub, hub.store.checkSuites.require(checkSuiteId)),
  }));
}
