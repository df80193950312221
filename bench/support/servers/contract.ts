/** What the measured servers have in common. */
export const SECRET = "a secret that the load is signed with";
export const WEBHOOK_PATH = "/api/github/webhooks";

/** What a server is started with. */
export type Start = {
  /** Of its database; null for one that has none. */
  readonly databaseUrl: string | null;
  /** Of the App that it is, in PEM. */
  readonly privateKey: string;
};

/** What a server is asked while it runs. */
export type Question =
  /** Opens tasks for these many issues of a repository that it has not heard of. */
  | { readonly kind: "prepare"; readonly repositoryId: number; readonly issues: number }
  | { readonly kind: "usage" };

/** Since the server's start. */
export type Usage = {
  readonly processorMs: number;
  /** Memory now, and at its highest. */
  readonly residentMb: number;
  readonly peakResidentMb: number;
};
