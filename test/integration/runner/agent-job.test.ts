import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Briefing } from "../../../src/contract/briefing.ts";
import { MAX_REPORT_BYTES } from "../../../src/contract/report.ts";
import { SESSION_MARK } from "../../../src/runner/process/find-processes.ts";
import { systemTimers } from "../../../src/runner/timers.ts";
import { isRunning } from "../../support/is-running.ts";
import { waitFor } from "../../support/wait-for.ts";
import { LEASE_TOKEN } from "./fixture/attempt-server.ts";
import {
  DONE,
  findOnMachine,
  setScene,
  shellAgent,
  writeResult,
  type Scene,
} from "./fixture/attempt-scene.ts";
import { READ_TOKEN, type FileChanges } from "./fixture/git-remote.ts";

let scene: Scene | null = null;

afterEach(async () => {
  await scene?.close();
  scene = null;
});

const FILES = { "README.md": "hello\n", "src/greet.txt": "hi\n", "test/greet.txt": "expects hello\n" };

async function stage(
  agent: string,
  briefing: Partial<Briefing> = {},
  files: FileChanges = FILES,
): Promise<Scene> {
  scene = await setScene(files, () => ({ harness: shellAgent(agent), ...briefing }));
  return scene;
}

describe("the agent job", () => {
  test("hands over what the agent changed as a bundle on top of the start commit", async () => {
    const { server, run, remote } = await stage(
      `echo hello > src/greet.txt; echo new > src/new.txt; ${DONE}`,
    );
    const host = await run("agent");
    expect(host.failures).toEqual([]);
    expect(host.outputs).toEqual({ deliver: "true" });
    expect(server.reports).toEqual([
      { outcome: "done", summary: "Done.", bundle: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ]);
    expect(server.bundle?.toString("latin1")).toContain(server.briefing.baseSha);
    expect(remote.pushes()).toBe(0);
  });

  test("hands over nothing when nothing changed", async () => {
    const { server, run } = await stage(DONE);
    expect((await run("agent")).outputs).toEqual({ deliver: "false" });
    expect(server.reports).toEqual([{ outcome: "done", summary: "Done." }]);
  });

  test("gives the agent its briefing on standard input, as a file, and as a prompt", async () => {
    const { server, run } = await stage(
      `cat > src/stdin.json; cp "$BATON_BRIEFING" src/file.json; cp "$BATON_PROMPT" src/prompt.md; ${DONE}`,
      { guidance: "Mind the comma.", issue: { number: 12, title: "Greet", body: "Say ```hello```." } },
    );
    await run("agent");
    const work = findOnMachine(scene as Scene, "work");
    expect(JSON.parse(readFileSync(join(work, "src/stdin.json"), "utf8"))).toEqual(server.briefing);
    expect(JSON.parse(readFileSync(join(work, "src/file.json"), "utf8"))).toEqual(server.briefing);
    const prompt = readFileSync(join(work, "src/prompt.md"), "utf8");
    expect(prompt).toContain("Mind the comma.");
    expect(prompt).toContain("> Greet\n>\n> Say ```hello```.");
  });

  test("streams what the agent prints, in order, with the run's beginning and end", async () => {
    const { server, run } = await stage(`echo one; echo two >&2; echo ::error::three; ${DONE}`);
    const host = await run("agent");
    expect(server.events.map(({ sequence }) => sequence)).toEqual(server.events.map((_, index) => index + 1));
    const started = server.events[0]?.event;
    // A machine without a sandbox says so once more.
    const held = started?.type === "run.started" ? started.sandbox : null;
    const texts = server.events.flatMap(({ event }) => (event.type === "notice" ? [event.text] : []));
    expect(texts.filter((text) => text !== held?.summary).toSorted()).toEqual([
      "::error::three",
      "one",
      "two",
    ]);
    expect(started).toMatchObject({ type: "run.started", sandbox: { limits: { maxProcesses: 4_096 } } });
    expect(server.events.at(-1)?.event).toMatchObject({ type: "run.finished", status: "ok", exitCode: 0 });
    expect(host.lines).toContain("│ ::error::three");
    expect(host.lines.filter((line) => line.startsWith("::"))).toEqual([]);
  });

  test("takes the agent's own commits along, whatever it did to its repository", async () => {
    const { server, run } = await stage(
      [
        "git config core.hooksPath hooks; git config filter.x.clean 'touch /tmp/never'",
        "git config user.email a@b; git config user.name a",
        "echo hello > src/greet.txt; git add .; git commit --quiet -m mine",
        "rm -rf .git",
        DONE,
      ].join("\n"),
    );
    expect((await run("agent")).outputs).toEqual({ deliver: "true" });
    expect(server.reports[0]?.outcome).toBe("done");
  });

  test("starts from the branch's head, with the base to compare with", async () => {
    const { server, run, remote } = await stage(
      `git diff --stat origin/main > src/diff.txt; git log --oneline | wc -l > src/count.txt; ${DONE}`,
    );
    const head = remote.commit("baton/12-greet", { "src/earlier.txt": "x\n" }, server.briefing.baseSha);
    server.briefing = { ...server.briefing, headSha: head };
    await run("agent");
    const work = findOnMachine(scene as Scene, "work");
    expect(readFileSync(join(work, "src/diff.txt"), "utf8")).toContain("src/earlier.txt");
    expect(readFileSync(join(work, "src/count.txt"), "utf8").trim()).toBe("2");
  });
});

describe("what the agent gives back", () => {
  test.each([
    ["no result", "true", "report", "The agent ended without writing its result to $BATON_RESULT."],
    [
      "garbage in its result",
      `printf '\\377\\376\\000' > "$BATON_RESULT"`,
      "report",
      "The agent's result is not UTF-8 text.",
    ],
    [
      "a result over the limit",
      `head -c ${MAX_REPORT_BYTES + 1} /dev/zero > "$BATON_RESULT"`,
      "report",
      `The agent's result has ${MAX_REPORT_BYTES + 1} bytes; at most ${MAX_REPORT_BYTES} are allowed.`,
    ],
    ["a crash", "echo oops; exit 3", "agent", "The agent ended with code 3."],
    ["a crash by a signal", "kill -9 $$", "agent", "The agent was ended by SIGKILL."],
    [
      "a plan in another stage",
      writeResult({ summary: "Done.", plan: { text: "x", paths: [] } }),
      "report",
      'The stage implement gives no "plan".',
    ],
  ])("is a failure in one sentence: %s", async (_name, script, kind, summary) => {
    const { server, run } = await stage(script);
    const host = await run("agent");
    expect(host.failures).toEqual([summary]);
    expect(host.outputs).toEqual({ deliver: "false" });
    expect(server.reports).toMatchObject([{ outcome: "failed", failure: { kind, summary } }]);
  });

  test("a program that is not there is named", async () => {
    const { server, run } = await stage("", {
      harness: { name: "command", model: null, version: null, settings: { run: ["no-such-agent"] } },
    });
    await run("agent");
    expect(server.reports).toMatchObject([
      { failure: { kind: "agent", summary: "The program no-such-agent could not be started (ENOENT)." } },
    ]);
  });

  test("keeps the log's end and the diff so far for the next attempt", async () => {
    const { server, run } = await stage("echo hello > src/greet.txt; echo it broke here; exit 1");
    await run("agent");
    const [report] = server.reports;
    expect(report).toMatchObject({
      outcome: "failed",
      failure: { logTail: expect.stringMatching(/(^|\n)it broke here$/) as string },
    });
    expect(report?.outcome === "failed" ? report.failure.diff : "").toContain("-hi\n+hello");
  });

  test("a planner must plan, a reviewer must judge, and neither changes files", async () => {
    const plan = { text: "Do it.", paths: ["src/**"] };
    const { server, run } = await stage(
      `echo x > src/greet.txt; ${writeResult({ summary: "Planned.", plan })}`,
      {
        stage: "plan",
        plan: null,
      },
    );
    await run("agent");
    expect(server.reports).toEqual([{ outcome: "done", summary: "Planned.", plan }]);
    server.briefing = { ...server.briefing, stage: "review" };
    await run("agent");
    expect(server.reports[1]).toMatchObject({
      failure: { summary: 'The agent\'s result has no "verdict".' },
    });
    expect(server.bundle).toBeNull();
  });

  test("a question of a role that asks none is no answer", async () => {
    const { server, run } = await stage(writeResult({ summary: "Hm.", question: "Which one?" }), {
      role: { name: "developer", prompt: "Do it.", tools: [], outputs: ["summary"] },
    });
    await run("agent");
    const summary = "The role developer asks no questions, but the agent did.";
    expect(server.reports).toMatchObject([{ outcome: "failed", failure: { kind: "report", summary } }]);
  });

  test("skills lie beside the work tree, and the prompt says where", async () => {
    const script = `cat "$BATON_SKILLS/docs/SKILL.md" "$BATON_SKILLS/docs/more/a.md"; ${DONE}`;
    const { server, run } = await stage(script, {
      skills: [
        {
          name: "docs",
          description: "How we document.",
          files: [
            { path: "SKILL.md", text: "Write it down.\n" },
            { path: "more/a.md", text: "In short sentences.\n" },
          ],
        },
      ],
    });
    const host = await run("agent");
    expect(host.lines.join("\n")).toContain("Write it down.");
    expect(host.lines.join("\n")).toContain("In short sentences.");
    expect(server.reports).toEqual([{ outcome: "done", summary: "Done." }]);
  });

  test("a question goes to a person", async () => {
    const { server, run } = await stage(writeResult({ summary: "Unsure.", question: "Hello or hi?" }));
    await run("agent");
    expect(server.reports).toEqual([{ outcome: "question", question: "Hello or hi?" }]);
  });

  test("work that is too large to hand over is refused before it is packed", async () => {
    const { server, run } = await stage(`head -c 21500000 /dev/urandom > src/big.bin; ${DONE}`);
    await run("agent");
    expect(server.reports).toMatchObject([
      {
        outcome: "failed",
        failure: { kind: "scope", summary: expect.stringContaining("packs into") as string },
      },
    ]);
    expect(server.bundle).toBeNull();
  });
});

describe("stopping an agent", () => {
  test("at its time limit, with all that it started", async () => {
    const stray = `stray-${randomUUID()}`;
    const { server, run } = await stage(
      `setsid sh -c 'trap "" INT TERM; echo started; while :; do sleep 1; done' ${stray} & sleep 60`,
    );
    const { timeoutMs } = server.briefing;
    // The limit is reached as soon as the agent has begun.
    const limit = server.eventSeen((event) => event.type === "notice" && event.text === "started");
    const host = await run("agent", {
      timers: {
        ...systemTimers,
        sleep: (ms, signal) => (ms === timeoutMs ? limit : systemTimers.sleep(ms, signal)),
      },
    });
    expect(host.failures).toEqual(["The agent was stopped at its limit of 2 minutes."]);
    expect(server.reports).toMatchObject([{ outcome: "failed", failure: { kind: "timeout" } }]);
    await waitFor(() => expect(isRunning(stray)).toBe(false));
  });

  test("when the server says so, with its work kept", async () => {
    const { server, run } = await stage("echo half > src/greet.txt; echo working; sleep 60");
    const running = run("agent");
    await server.eventSeen((event) => event.type === "notice" && event.text === "working");
    server.directive = { directive: "cancel", why: "The task was cancelled by ada." };
    const host = await running;
    expect(server.reports).toEqual([{ outcome: "cancelled" }]);
    expect(server.bundle).not.toBeNull();
    expect(host.failures).toEqual([]);
  });

  test("when the run is cancelled", async () => {
    const cancelled = new AbortController();
    const { server, run } = await stage("trap 'exit 0' INT; echo working; while :; do sleep 0.05; done");
    const running = run("agent", { cancelled: cancelled.signal });
    await server.eventSeen((event) => event.type === "notice" && event.text === "working");
    cancelled.abort();
    await running;
    expect(server.reports).toEqual([{ outcome: "cancelled" }]);
  });

  test("leaves nothing of it running after a normal end", async () => {
    const stray = `stray-${randomUUID()}`;
    const { server, run } = await stage(
      `setsid sh -c 'touch src/ready; while :; do sleep 1; done' ${stray} & until [ -e src/ready ]; do sleep 0.01; done; ${DONE}`,
    );
    await run("agent");
    expect(server.reports[0]?.outcome).toBe("done");
    await waitFor(() => expect(isRunning(stray)).toBe(false));
  });
});

describe("a server that is away", () => {
  test("costs the attempt nothing while the agent works", async () => {
    const { server, run } = await stage(
      `echo one; while [ ! -e go ]; do sleep 0.02; done; echo two; ${DONE}`,
    );
    const running = run("agent");
    await server.eventSeen((event) => event.type === "notice" && event.text === "one");
    server.outage = 5;
    await waitFor(() => expect(server.outage).toBe(0));
    await writeFile(join(findOnMachine(scene as Scene, "work"), "go"), "");
    const host = await running;
    expect(host.failures).toEqual([]);
    expect(server.reports[0]?.outcome).toBe("done");
    const texts = server.events.flatMap(({ event }) => (event.type === "notice" ? [event.text] : []));
    expect(texts.filter((text) => text === "one" || text === "two")).toEqual(["one", "two"]);
  });

  test("is asked again for the lease", async () => {
    const { server, run } = await stage(DONE);
    server.outage = 2;
    await run("agent");
    expect(server.reports[0]?.outcome).toBe("done");
  });

  test("that refuses the lease ends the job with its sentence", async () => {
    const { server, run } = await stage(`touch src/ran; ${DONE}`);
    server.leaseRefusal = { status: 409, message: "Another run holds the lease of this attempt." };
    const host = await run("agent");
    expect(host.failures).toEqual(["Another run holds the lease of this attempt."]);
    expect(server.reports).toEqual([]);
  });
});

describe("a hostile repository", () => {
  test("cannot steer the agent program from the branch, and the base branch still can", async () => {
    const { server, run, remote } = await stage(
      `cat .claude/settings.json .mcp.json CLAUDE.md > src/seen.txt 2>/dev/null; ls -a > src/list.txt; ${DONE}`,
      {},
      { ...FILES, "CLAUDE.md": "trusted\n" },
    );
    const head = remote.commit(
      "baton/12-greet",
      {
        ".claude/settings.json": "planted",
        ".mcp.json": "planted",
        "CLAUDE.md": "planted",
        ".opencode/plugin/x.js": "x",
      },
      server.briefing.baseSha,
    );
    server.briefing = { ...server.briefing, headSha: head };
    await run("agent");
    const work = findOnMachine(scene as Scene, "work");
    expect(readFileSync(join(work, "src/seen.txt"), "utf8")).toBe("trusted\n");
    expect(readFileSync(join(work, "src/list.txt"), "utf8")).not.toMatch(/claude$|mcp|opencode/m);
    expect(server.reports[0]?.outcome).toBe("done");
  });

  test("gets no change to agent configuration handed over, and the session says so", async () => {
    const { server, run, remote } = await stage(
      `mkdir .claude; echo x > .claude/settings.json; echo y > CLAUDE.md; echo hello > src/greet.txt; ${DONE}`,
      {},
      { ...FILES, "CLAUDE.md": "trusted\n" },
    );
    await run("agent");
    const notices = server.events.flatMap(({ event }) => (event.type === "notice" ? [event.text] : []));
    expect(notices).toContain(
      "CLAUDE.md steers agent programs, so only people change it: the change is left out.",
    );
    await run("deliver");
    expect(server.deliveries[0]?.outcome).toBe("pushed");
    const changed = remote.git("diff", "--name-only", "main", "baton/12-greet");
    expect(changed).toBe("src/greet.txt");
  });

  test("runs no filter, hook or program of its attributes on checkout", async () => {
    const { server, run } = await stage(
      DONE,
      {},
      {
        ...FILES,
        ".gitattributes": "* filter=evil diff=evil merge=evil\n",
        ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ../../evil.git\n',
        link: { symlink: "/etc/passwd" },
      },
    );
    await run("agent");
    expect(server.reports).toEqual([{ outcome: "done", summary: "Done." }]);
  });
});

describe("what the agent can see", () => {
  test("is the allow-list and nothing of the job's credentials", async () => {
    const { run } = await stage(
      `env | sort > src/env.txt; cat .git/config >> src/env.txt; git remote -v >> src/env.txt; ${DONE}`,
    );
    const env = { MODEL_KEY: "key-for-the-model", GITHUB_TOKEN: "planted", SECRET: "planted" };
    await run("agent", { env, passEnv: "MODEL_KEY" });
    const seen = readFileSync(join(findOnMachine(scene as Scene, "work"), "src/env.txt"), "utf8");
    const names = seen.split("\n").flatMap((line) => /^([A-Za-z_]\w*)=/.exec(line)?.[1] ?? []);
    // By its mark a session's processes are known where they share the machine's.
    expect(new Set(names.filter((name) => name !== SESSION_MARK))).toEqual(
      new Set([
        "BATON_ATTEMPT",
        "BATON_BRIEFING",
        "BATON_PROMPT",
        "BATON_RESULT",
        "BATON_SKILLS",
        "BATON_STAGE",
        "CI",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_TERMINAL_PROMPT",
        "HOME",
        "MODEL_KEY",
        "PATH",
        "PWD",
        "TMPDIR",
      ]),
    );
    for (const secret of [READ_TOKEN, LEASE_TOKEN, "planted", "request-token-of-the-job"]) {
      expect(seen).not.toContain(secret);
    }
  });

  test("and what it prints of a credential is masked everywhere", async () => {
    const { server, run } = await stage(`echo leaked ${READ_TOKEN} and $MODEL_KEY; exit 1`);
    const host = await run("agent", { env: { MODEL_KEY: "key-for-the-model" }, passEnv: "MODEL_KEY" });
    const told = JSON.stringify([server.events, server.reports, host.lines, host.failures, host.summary()]);
    expect(told).toContain("leaked *** and ***");
    expect(told).not.toContain(READ_TOKEN);
  });
});
