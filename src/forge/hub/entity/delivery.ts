/** One attempt to hand an event to an App. A redelivery is another attempt with the same `guid`. */
export interface Delivery {
  id: number;
  guid: string;
  appId: number;
  installationId: number | null;
  repositoryId: number | null;
  event: string;
  action: string | null;
  redelivery: boolean;
  url: string;
  /** The exact bytes that are signed and sent, so that a redelivery is identical. */
  body: string;
  state: "waiting" | "done";
  createdAt: string;
  deliveredAt: string | null;
  /** Seconds, as GitHub counts it. */
  duration: number;
  status: string;
  /** 0 when no response came. */
  statusCode: number;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  responseBody: string;
}
