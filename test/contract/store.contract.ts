import { describe } from "vitest";
import { describeAttempts } from "./attempt.contract.ts";
import { describeCommits } from "./commit.contract.ts";
import { describeCopies } from "./copy.contract.ts";
import { describeInbox } from "./inbox.contract.ts";
import { describeMirror } from "./mirror.contract.ts";
import { describeOutbox } from "./outbox.contract.ts";
import { describeRecord } from "./record.contract.ts";
import type { StoreUnderTest } from "./store-fixture.ts";
import { StoreFixture } from "./store-fixture.ts";
import { describeTasks } from "./task.contract.ts";
import { describeWorkSignal } from "./work-signal.contract.ts";

/** What every store must hold to, whatever keeps it. */
export function describeStoreContract(name: string, under: StoreUnderTest): void {
  describe(name, () => {
    const fixture = new StoreFixture(under);
    describeTasks(fixture);
    describeCommits(fixture);
    describeInbox(fixture);
    describeOutbox(fixture);
    describeAttempts(fixture);
    describeMirror(fixture);
    describeWorkSignal(fixture);
    describeCopies(under);
    describeRecord(fixture);
  });
}
