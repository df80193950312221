import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { REQUEST_TOKEN, startActionMachine, type ActionMachine } from "./fixture/action-machine.ts";
import { DONE, setScene, shellAgent, type Scene } from "./fixture/attempt-scene.ts";
import { LEASE_TOKEN } from "./fixture/attempt-server.ts";
import { PUSH_TOKEN, READ_TOKEN } from "./fixture/git-remote.ts";

let closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

async function stage(agent: string): Promise<{ scene: Scene; machine: ActionMachine }> {
  const scene = await setScene({ "src/greet.txt": "hi\n" }, () => ({ harness: shellAgent(agent) }));
  closing.push(() => scene.close());
  const machine = await startActionMachine(scene);
  closing.push(() => machine.close());
  return { scene, machine };
}

describe("the action as a process", () => {
  test("works, hands over, delivers, and shows no credential on the way", async () => {
    const { scene, machine } = await stage(
      `echo hello > src/greet.txt; echo said ${READ_TOKEN}; cat .git/config; ${DONE}`,
    );
    const agent = await machine.start("agent").ended;
    expect(agent).toMatchObject({ code: 0 });
    expect(readFileSync(join(machine.directory, "output"), "utf8")).toMatch(/deliver<<.+\ntrue\n/);
    const deliver = await machine.start("deliver").ended;
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
    const { code, log } = await machine.start("agent").ended;
    expect(code).toBe(1);
    expect(log).toContain("::error::The agent ended with code 4.\n");
    expect(log).toMatch(
      /::group::developer: implement, attempt 1\n(?:.*\n)*│ trouble\n(?:.*\n)*::endgroup::/,
    );
  });

  test("reports a cancelled attempt when the runner interrupts it", async () => {
    const { scene, machine } = await stage("echo working; exec sleep 60");
    const { child, ended } = machine.start("agent");
    await scene.server.eventSeen((event) => event.type === "notice" && event.text === "working");
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 0 });
    expect(scene.server.reports).toEqual([{ outcome: "cancelled" }]);
  });

  test("says what is wrong with its inputs", async () => {
    const { machine } = await stage(DONE);
    const { code, log } = await machine.start("bake").ended;
    expect(code).toBe(1);
    expect(log).toContain('::error::The input "job" must be one of agent, deliver, verify.');
  });
});
