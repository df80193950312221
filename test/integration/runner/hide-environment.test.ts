import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MODULE = fileURLToPath(new URL("../../../src/runner/hide-environment.ts", import.meta.url));

/** Another process looks at what the kernel shows, before and after. */
const PROGRAM = `
  const { execFileSync } = await import("node:child_process");
  const { hideEnvironment } = await import(process.argv[1]);
  const look = () => execFileSync("cat", ["/proc/" + process.pid + "/environ"], { env: {} }).toString("latin1");
  const before = look();
  const hidden = hideEnvironment();
  const inherited = execFileSync("env", { env: process.env }).toString();
  console.log(JSON.stringify({ before, hidden, after: look(), env: process.env, inherited }));
`;

test("what the kernel shows of a job has none of its tokens and keys, and the job still has them", async () => {
  const secrets = {
    ANTHROPIC_API_KEY: "sk-secret-=-1",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret-2",
    INPUT_TOKEN: "secret-3",
    "INPUT_PASS-ENV": "secret-4",
    ODD: "secret-5 ünï",
    EMPTY: "",
  };
  const env = { PATH: process.env["PATH"] ?? "", RUNNER_TRACKING_ID: "github_1", ...secrets };
  const argv = ["--input-type=module", "--eval", PROGRAM, MODULE];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
  const seen = JSON.parse(stdout) as Record<"before" | "after" | "inherited", string> & {
    readonly hidden: boolean;
    readonly env: Record<string, string>;
  };
  expect(seen.hidden).toBe(true);
  expect(seen.before.match(/secret-\d/g)).toHaveLength(4);
  expect(seen.after).not.toContain("secret");
  expect(seen.after).toContain(`PATH=${env.PATH}\0`);
  // The runner finds by it what a job has left behind.
  expect(seen.after).toContain("RUNNER_TRACKING_ID=github_1\0");
  expect(seen.env).toMatchObject(env);
  expect(seen.inherited).toContain("ANTHROPIC_API_KEY=sk-secret-=-1\n");
});
