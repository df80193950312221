import type { Result } from "../../base/result.ts";
import {
  DeliveryResponse,
  HeartbeatResponse,
  LeaseResponse,
  ReportResponse,
  VerificationResponse,
  type DeliveryResult,
  type HeartbeatRequest,
  type VerificationResult,
} from "../../contract/attempt-api.ts";
import { MAX_BUNDLE_BYTES, type Report } from "../../contract/report.ts";
import { MAX_SNAPSHOT_BYTES } from "../../contract/snapshot.ts";
import type { Patience } from "./http-exchange.ts";
import {
  callServer,
  callServerFor,
  tellServer,
  type ServerAddress,
  type ServerCall,
  type ServerRefusal,
} from "./server-call.ts";

type Answered<Value> = Promise<Result<Value, ServerRefusal>>;

/** What the agent job says to the server. Every call throws ServerUnavailable. */
type LeaseCalls = {
  lease(idToken: string): Answered<LeaseResponse>;
  /** Tried once: the next heartbeat is the next try. */
  heartbeat(token: string, request: HeartbeatRequest): Answered<HeartbeatResponse>;
  /** Tried once: the next snapshot is the next try. */
  uploadSnapshot(token: string, snapshot: Buffer): Answered<null>;
  downloadSnapshot(token: string): Answered<Buffer>;
  uploadBundle(token: string, bundle: Buffer): Answered<null>;
  report(token: string, report: Report): Answered<ReportResponse>;
};

/** What the deliver job says. */
type DeliveryCalls = {
  delivery(idToken: string): Answered<DeliveryResponse>;
  downloadBundle(token: string): Answered<Buffer>;
  reportDelivery(token: string, result: DeliveryResult): Answered<null>;
};

/** What the verify job says. */
type VerificationCalls = {
  verification(idToken: string): Answered<VerificationResponse>;
  reportVerification(token: string, result: VerificationResult): Answered<null>;
};

/** The attempt API of `src/contract/attempt-api.ts` from the runner's side. */
export type AttemptClient = LeaseCalls & DeliveryCalls & VerificationCalls;

const EXCHANGE: Patience = { totalMs: 120_000, eachMs: 15_000 };
const HEARTBEAT: Patience = { totalMs: 0, eachMs: 15_000 };
const SNAPSHOT: Patience = { totalMs: 0, eachMs: 60_000 };
/** What an agent made is worth waiting for. */
const HANDOVER: Patience = { totalMs: 600_000, eachMs: 60_000 };

export function createAttemptClient(address: ServerAddress): AttemptClient {
  return { ...leaseCalls(address), ...deliveryCalls(address), ...verificationCalls(address) };
}

function leaseCalls(address: ServerAddress): LeaseCalls {
  return {
    lease: (idToken) => callServerFor(LeaseResponse, address, claim("/lease", idToken)),
    heartbeat: (token, body) =>
      callServerFor(HeartbeatResponse, address, {
        what: "the heartbeat",
        method: "POST",
        path: "/heartbeat",
        token,
        body,
        patience: HEARTBEAT,
      }),
    uploadSnapshot: (token, snapshot) =>
      tellServer(address, {
        what: "the snapshot",
        method: "PUT",
        path: "/snapshot",
        token,
        body: new Uint8Array(snapshot),
        patience: SNAPSHOT,
      }),
    downloadSnapshot: (token) =>
      callServer(address, {
        what: "the request for the snapshot",
        method: "GET",
        path: "/snapshot",
        token,
        patience: EXCHANGE,
        maxBytes: MAX_SNAPSHOT_BYTES,
      }),
    uploadBundle: (token, bundle) =>
      tellServer(address, {
        what: "the bundle",
        method: "PUT",
        path: "/bundle",
        token,
        body: new Uint8Array(bundle),
        patience: HANDOVER,
      }),
    report: (token, body) =>
      callServerFor(ReportResponse, address, handover("the report", { path: "/report", token, body })),
  };
}

function deliveryCalls(address: ServerAddress): DeliveryCalls {
  return {
    delivery: (idToken) => callServerFor(DeliveryResponse, address, claim("/delivery", idToken)),
    downloadBundle: (token) =>
      callServer(address, {
        what: "the request for the bundle",
        method: "GET",
        path: "/bundle",
        token,
        patience: HANDOVER,
        maxBytes: MAX_BUNDLE_BYTES,
      }),
    reportDelivery: (token, body) =>
      tellServer(address, handover("the delivery's result", { path: "/delivery/result", token, body })),
  };
}

function verificationCalls(address: ServerAddress): VerificationCalls {
  return {
    verification: (idToken) => callServerFor(VerificationResponse, address, claim("/verification", idToken)),
    reportVerification: (token, body) =>
      tellServer(
        address,
        handover("the verification's result", { path: "/verification/result", token, body }),
      ),
  };
}

function claim(path: string, idToken: string): ServerCall {
  return { what: "the claim", method: "POST", path, token: idToken, patience: EXCHANGE };
}

function handover(
  what: string,
  call: { readonly path: string; readonly token: string; readonly body: object },
): ServerCall {
  return { what, method: "POST", ...call, patience: HANDOVER };
}
