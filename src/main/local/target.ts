import { z } from "zod";

const Model = z.string().nullable().default(null);

const Harness = z.discriminatedUnion("use", [
  z.object({ use: z.enum(["claude", "codex", "gemini", "opencode"]), model: Model }),
  z.object({ use: z.literal("acp"), run: z.array(z.string()), model: Model }),
  z.object({ use: z.literal("command"), run: z.array(z.string()).nullable(), model: Model }),
  z.object({ use: z.literal("recording"), file: z.string() }),
]);
/** The agent that the command line names. */
export type LocalHarness = z.infer<typeof Harness>;

/** Where the work is to happen: the demo's repository, or a copy of the user's own. */
export const Target = z.discriminatedUnion("kind", [
  /** Without a harness, its own recording works. */
  z.object({ kind: z.literal("demo"), harness: Harness.nullable().default(null) }),
  z.object({
    kind: z.literal("copy"),
    /** A path or any URL that git can clone. */
    from: z.string(),
    /** The agent for a repository without a policy; null where the policy is to name it. */
    harness: Harness.nullable(),
    /** What proves the work in a repository without a policy; null leaves that to its checks. */
    verify: z.string().nullable(),
    /** Names of variables of the terminal that the agent is to see. */
    passEnv: z.array(z.string()),
  }),
]);
export type Target = z.infer<typeof Target>;
export type CopyTarget = Extract<Target, { kind: "copy" }>;
export const DEMO: Target = { kind: "demo", harness: null };

/** A name for the copy that is valid on the forge, from the last part of where it comes from. */
export function nameOf(from: string): string {
  const parts = from.replace(/[/\\]+$/, "").split(/[/\\:]/);
  // A path to the .git folder of a work tree names the work tree's repository.
  const last = (parts.at(-1) === ".git" ? parts.at(-2) : parts.at(-1)) ?? "";
  const name = last
    .replace(/\.git$/, "")
    .replace(/[^\w.-]/g, "-")
    .slice(0, 100);
  return name === "" || /^\.+$/.test(name) ? "repository" : name;
}
