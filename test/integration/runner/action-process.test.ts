import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { DONE, setScene, shellAgent, ATTEMPT, type Scene } from "./fixture/attempt-scene.ts";
import { LEASE_TOKEN } from "./fixture/attempt-server.ts";
import { closeServer, PUSH_TOKEN, READ_TOKEN } from "./fixture/git-remote.ts";

const ACTION = fileURLToPath(new URL("../../../src/main/action.ts", import.meta.url));
const REQUEST_TOKEN = "request-token-0123456789abcdefghij";

let closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

type Machine = {
  readonly directory: string;
  readonly env: (job: string) => Record<string, string>;
  /** The arguments of every git command that was run. */
  readonly gitArguments: () => string;
};

/** A runner's machine as far as the action sees it: its environment, its files, and GitHub's OIDC endpoint. */
async function startMachine(scene: Scene): Promise<Machine> {
  const directory = mkdtempSync(join(tmpdir(), "baton-runner-"));
  const oidc = createServer((request, response) => {
    const audience = new URL(request.url ?? "", "http://x").searchParams.get("audience") ?? "";
    const known = request.headers.authorization === `Bearer ${REQUEST_TOKEN}`;
    response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify({ value: `oidc for ${audience}` }));
  });
  await new Promise<void>((resolve) => oidc.listen(0, "127.0.0.1", resolve));
  closing.push(
    () => closeServer(oidc),
    async () => {
      rmSync(directory, { recursive: true });
    },
  );
  const bin = join(directory, "bin");
  const log = join(directory, "git-arguments.log");
  mkdirSync(bin);
  const git = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  writeFileSync(join(bin, "git"), `#!/bin/sh\nprintf '%s\\n' "$*" >> ${log}\nexec ${git} "$@"\n`);
  chmodSync(join(bin, "git"), 0o755);
  for (const file of ["output", "summary"]) writeFileSync(join(directory, file), "");
  const env = (job: string): Record<string, string> => ({
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    RUNNER_TEMP: directory,
    GITHUB_OUTPUT: join(directory, "output"),
    GITHUB_STEP_SUMMARY: join(directory, "summary"),
    GITHUB_SERVER_URL: scene.remote.url,
    GITHUB_REPOSITORY: "octo/hello",
    GITHUB_RUN_ID: "99",
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(oidc.address() as AddressInfo).port}/token?v=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    INPUT_JOB: job,
    INPUT_ATTEMPT: ATTEMPT,
    INPUT_SERVER: scene.server.url,
    INPUT_TOKEN: READ_TOKEN,
  });
  return { directory, env, gitArguments: () => readFileSync(log, "utf8") };
}

function startAction(machine: Machine, job: string) {
  const child = spawn(process.execPath, [ACTION], {
    env: machine.env(job),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
  }
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, log }));
  return { child, ended };
}

async function stage(agent: string): Promise<{ scene: Scene; machine: Machine }> {
  const scene = await setScene({ "src/greet.txt": "hi\n" }, () => ({ harness: shellAgent(agent) }));
  closing.push(() => scene.close());
  return { scene, machine: await startMachine(scene) };
}

describe("the action as a process", () => {
  test("works, hands over, delivers, and shows no credential on the way", async () => {
    const { scene, machine } = await stage(
      `echo hello > src/greet.txt; echo said ${READ_TOKEN}; cat .git/config; ${DONE}`,
    );
    const agent = await startAction(machine, "agent").ended;
    expect(agent).toMatchObject({ code: 0 });
    expect(readFileSync(join(machine.directory, "output"), "utf8")).toMatch(/deliver<<.+\ntrue\n/);
    const deliver = await startAction(machine, "deliver").ended;
    expect(deliver).toMatchObject({ code: 0 });
    expect(scene.server.deliveries[0]?.outcome).toBe("pushed");
    expect(readFileSync(join(machine.directory, "summary"), "utf8")).toContain("Done.");

    const shown = [agent.log, deliver.log]
      .join("\n")
      // The command that has the runner mask a value must name it, and the runner shows it masked.
      .replaceAll(/^::add-mask::.*$/gm, "");
    const everywhere = [
      shown,
      machine.gitArguments(),
      readFileSync(join(machine.directory, "summary"), "utf8"),
      execFileSync(
        "sh",
        ["-c", `cat ${machine.directory}/baton-*/*/config ${machine.directory}/baton-*/*/.git/config`],
        {
          encoding: "utf8",
        },
      ),
    ].join("\n");
    expect(machine.gitArguments()).toContain("push --porcelain");
    for (const secret of [READ_TOKEN, PUSH_TOKEN, LEASE_TOKEN, REQUEST_TOKEN, "extraheader"]) {
      expect(everywhere).not.toContain(secret);
      expect(everywhere).not.toContain(Buffer.from(`x-access-token:${secret}`).toString("base64"));
    }
  });

  test("fails with one annotated sentence when the agent fails", async () => {
    const { machine } = await stage("echo trouble; exit 4");
    const { code, log } = await startAction(machine, "agent").ended;
    expect(code).toBe(1);
    expect(log).toContain("::error::The agent ended with code 4.\n");
    expect(log).toMatch(
      /::group::developer: implement, attempt 1\n(?:.*\n)*│ trouble\n(?:.*\n)*::endgroup::/,
    );
  });

  test("reports a cancelled attempt when the runner interrupts it", async () => {
    const { scene, machine } = await stage("echo working; exec sleep 60");
    const { child, ended } = startAction(machine, "agent");
    await scene.server.eventSeen((event) => event.type === "notice" && event.text === "working");
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 0 });
    expect(scene.server.reports).toEqual([{ outcome: "cancelled" }]);
  });

  test("says what is wrong with its inputs", async () => {
    const { machine } = await stage(DONE);
    const { code, log } = await startAction(machine, "bake").ended;
    expect(code).toBe(1);
    expect(log).toContain('::error::The input "job" must be one of agent, deliver, verify.');
  });
});
