import type { ForgeContext } from "../forge-context.ts";
import { registerIssuePayloads } from "./issue-payloads.ts";
import { registerSetupPayloads } from "./setup-payloads.ts";
import { recordDeliveries } from "./record-delivery.ts";

/** Turns events into signed deliveries to the Apps that asked for them. */
export function registerWebhooks({ hub, payloads, deliveries, onStart, onClose }: ForgeContext): void {
  registerSetupPayloads(hub, payloads);
  registerIssuePayloads(hub, payloads);

  const recipients = new Set<number>();
  hub.events.onRecorded((event) => {
    for (const delivery of recordDeliveries(hub, payloads, event)) recipients.add(delivery.appId);
  });
  hub.events.onCommitted(() => {
    for (const appId of recipients) deliveries.wake(appId);
    recipients.clear();
  });
  onStart(() => {
    deliveries.resume();
  });
  onClose(() => deliveries.close());
}
