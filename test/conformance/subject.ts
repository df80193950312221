import type { HarnessName } from "../../src/contract/harness/harness-name.ts";
import type { CliTranscript } from "../../src/runner/harness/cli-adapter.ts";
import type { Vocabulary } from "../support/models/script.ts";
import type { Wire } from "../support/models/wire.ts";

/** A harness that is tried, and what it talks to. */
export type Subject = {
  readonly name: HarnessName;
  /** Whose program it runs, where that is another harness's. */
  readonly program?: HarnessName;
  /** Of the policy, beside the harness's name. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly model: string;
  /** One that the price table knows, so that a budget can be kept. */
  readonly pricedModel: string;
  readonly wire: Wire;
  readonly vocabulary: Vocabulary;
  /** The job's variables that say where its model is. */
  readonly variables: (model: {
    readonly baseUrl: string;
    readonly key: string;
  }) => Readonly<Record<string, string>>;
  /** Where its sessions are kept, for harnesses that can go on with one. */
  readonly transcript?: CliTranscript | undefined;
};
