import { readFile } from "node:fs/promises";
import { z } from "zod";
import { listFiles } from "../list-files.ts";

/** What a hostile agent or branch does to a path: a file, a deletion (null), or something that no editor makes. */
const Change = z.union([
  z.null(),
  z.strictObject({ file: z.string() }),
  z.strictObject({ program: z.string() }),
  z.strictObject({ symlink: z.string() }),
  z.strictObject({ submodule: z.literal(true) }),
  /** Put together when it is used, so that no file of ours holds what looks like a secret. */
  z.strictObject({ secret: z.array(z.string()) }),
  /** As many files in this directory. */
  z.strictObject({ files: z.number().int() }),
]);
export type Change = z.infer<typeof Change>;
const Changes = z.record(z.string(), Change);

const PLACES = ["title", "body", "guidance", "plan", "path", "summary", "test-name", "log", "diff"] as const;

/** Text in a part of a briefing: what must not be in the prompt at all, and what must still be seen there, quoted. */
const PromptAttempt = z.strictObject({
  name: z.string(),
  place: z.enum(PLACES),
  text: z.string(),
  gone: z.array(z.string()).default([]),
  seen: z.array(z.string()).default([]),
});
export type PromptAttempt = z.infer<typeof PromptAttempt>;

/** Work that is handed over, and the words in which it is refused. */
const DeliveryAttempt = z.strictObject({
  name: z.string(),
  stage: z.enum(["test", "implement", "review"]),
  changes: Changes,
  refusal: z.string(),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>;

/** Files on the branch that must not lie in an agent's checkout. */
const CheckoutAttempt = z.strictObject({ name: z.string(), changes: Changes });
export type CheckoutAttempt = z.infer<typeof CheckoutAttempt>;

/** What an agent leaves in its checkout so that git runs a program, which makes the file at `$PWNED`. */
const CommitAttempt = z.strictObject({
  name: z.string(),
  changes: Changes,
  gitConfig: z.record(z.string(), z.string()).default({}),
  hook: z.string().optional(),
});
export type CommitAttempt = z.infer<typeof CommitAttempt>;

const CorpusFile = z.discriminatedUnion("defence", [
  z.strictObject({
    class: z.string(),
    defence: z.literal("prompt"),
    attempts: z.array(PromptAttempt).min(1),
  }),
  z.strictObject({
    class: z.string(),
    defence: z.literal("delivery"),
    attempts: z.array(DeliveryAttempt).min(1),
  }),
  z.strictObject({
    class: z.string(),
    defence: z.literal("checkout"),
    attempts: z.array(CheckoutAttempt).min(1),
  }),
  z.strictObject({
    class: z.string(),
    defence: z.literal("commit"),
    attempts: z.array(CommitAttempt).min(1),
  }),
]);
export type CorpusFile = z.infer<typeof CorpusFile>;

/** The attempts to steer an agent or to get something past the runner, by class. */
export async function readCorpus(): Promise<readonly CorpusFile[]> {
  const files = (await listFiles("test/corpus/injection")).filter((path) => path.endsWith(".json")).sort();
  return Promise.all(files.map(async (path) => CorpusFile.parse(JSON.parse(await readFile(path, "utf8")))));
}
