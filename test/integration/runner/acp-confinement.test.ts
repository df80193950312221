import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { confinedFiles, type ConfinedFiles } from "../../../src/runner/harness/acp/confined-files.ts";
import {
  confinedTerminals,
  type ConfinedTerminals,
} from "../../../src/runner/harness/acp/confined-terminals.ts";
import { rolePermissions } from "../../../src/runner/harness/acp/role-permissions.ts";
import { withSetAside } from "../../../src/runner/harness/with-set-aside.ts";
import { openSession, type TestSession } from "../../support/harness/open-session.ts";
import { waitFor } from "../../support/wait-for.ts";

const ALL = ["read", "search", "edit", "execute"];

let session: TestSession;
let elsewhere: string;

beforeEach(() => {
  session = openSession({ grace: { interruptMs: 100, terminateMs: 100 } });
  elsewhere = mkdtempSync(join(tmpdir(), "baton-elsewhere-"));
  writeFileSync(join(elsewhere, "secret"), "secret\n");
});

afterEach(() => {
  session.close();
  rmSync(elsewhere, { recursive: true });
});

function inWorkTree(path: string): string {
  return join(session.workTree, path);
}

function filesFor(tools: readonly string[]): ConfinedFiles {
  return confinedFiles(session, permissionsFor(tools));
}

function terminalsFor(tools: readonly string[]): ConfinedTerminals {
  return confinedTerminals(session, permissionsFor(tools));
}

function permissionsFor(tools: readonly string[]): ReturnType<typeof rolePermissions> {
  const { briefing, resultFile } = session;
  return rolePermissions({
    briefing: { ...briefing, role: { ...briefing.role, tools: [...tools] } },
    resultFile,
  });
}

describe("files by way of the client", () => {
  test("are written and read as they are, in new directories too", async () => {
    const files = filesFor(ALL);
    const content = "grüß\r\ndich\n\nende";
    expect(await files.write(inWorkTree("a b/'c'.txt"), content)).toMatchObject({ ok: true });
    expect(readFileSync(inWorkTree("a b/'c'.txt"), "utf8")).toBe(content);
    expect(await files.read(inWorkTree("a b/'c'.txt"), {})).toEqual({ ok: true, value: content });
    expect(await files.read(inWorkTree("a b/'c'.txt"), { line: 2, limit: 2 })).toEqual({
      ok: true,
      value: "dich\n\n",
    });
  });

  test("that are not there are said to be missing", async () => {
    expect(await filesFor(ALL).read(inWorkTree("gone"), {})).toMatchObject({ error: { kind: "missing" } });
  });

  test("are none outside of the work tree, whatever leads there", async () => {
    symlinkSync(elsewhere, inWorkTree("link"));
    const files = filesFor(ALL);
    for (const path of [
      join(elsewhere, "secret"),
      inWorkTree("link/secret"),
      inWorkTree("../../../etc/hostname"),
      "relative",
      inWorkTree("link/new/deep.txt"),
    ]) {
      expect(await files.read(path, {}), path).toMatchObject({ error: { kind: "refused" } });
      expect(await files.write(path, "x"), path).toMatchObject({ error: { kind: "refused" } });
    }
    expect(readFileSync(join(elsewhere, "secret"), "utf8")).toBe("secret\n");
  });

  test("are written only by who edits, but for the result", async () => {
    const files = filesFor(["read"]);
    expect(await files.write(inWorkTree("x"), "x")).toMatchObject({
      error: { message: "The role edits no files." },
    });
    expect(await files.write(session.resultFile, "{}")).toMatchObject({ ok: true });
    expect(readFileSync(session.resultFile, "utf8")).toBe("{}");
  });
});

describe("terminals by way of the client", () => {
  test("run a program or a shell's line where they are told to", async () => {
    mkdirSync(inWorkTree("sub"));
    const terminals = terminalsFor(ALL);
    const line = terminals.create({
      command: "pwd; echo $WORD; exit 3",
      env: [{ name: "WORD", value: "hi" }],
    });
    const program = terminals.create({ command: "pwd", args: ["-P"], cwd: inWorkTree("sub") });
    if (!line.ok || !program.ok) throw new Error("They were not let.");
    expect(await terminals.waitForExit(line.value)).toMatchObject({ value: { exitCode: 3 } });
    await terminals.waitForExit(program.value);
    expect(terminals.output(line.value)).toMatchObject({ value: { output: `${session.workTree}\nhi\n` } });
    expect(terminals.output(program.value)).toMatchObject({
      value: { output: `${inWorkTree("sub")}\n`, isCut: false },
    });
  });

  test("keep the end of what is too long", async () => {
    const terminals = terminalsFor(ALL);
    const made = terminals.create({ command: "seq 1000", outputByteLimit: 10 });
    if (!made.ok) throw new Error(made.error);
    await terminals.waitForExit(made.value);
    expect(terminals.output(made.value)).toMatchObject({ value: { output: "\n999\n1000\n", isCut: true } });
  });

  test("are killed with what they started, and gone when they are released", async () => {
    const terminals = terminalsFor(ALL);
    const made = terminals.create({ command: "trap '' INT TERM; echo ready; sleep 300" });
    if (!made.ok) throw new Error(made.error);
    await waitFor(() => {
      expect(terminals.output(made.value)).toMatchObject({ value: { output: "ready\n" } });
    });
    terminals.kill(made.value);
    expect(await terminals.waitForExit(made.value)).toMatchObject({ value: { signal: "SIGKILL" } });
    terminals.release(made.value);
    expect(terminals.output(made.value).ok).toBe(false);
  });

  test("are for roles that execute, below the work tree", () => {
    expect(terminalsFor(["read"]).create({ command: "id" })).toMatchObject({
      error: "The role runs no commands.",
    });
    expect(terminalsFor(ALL).create({ command: "id", cwd: elsewhere }).ok).toBe(false);
  });
});

describe("what is set aside", () => {
  test("is not there meanwhile, and is put back as it was", async () => {
    mkdirSync(inWorkTree(".opencode/plugin"), { recursive: true });
    writeFileSync(inWorkTree(".opencode/plugin/x.js"), "x");
    await withSetAside(session, [".opencode", "opencode.json"], async () => {
      expect(() => readFileSync(inWorkTree(".opencode/plugin/x.js"))).toThrow();
      // The session makes its own, which nobody asked for.
      mkdirSync(inWorkTree(".opencode"));
      symlinkSync(elsewhere, inWorkTree("opencode.json"));
    });
    expect(readFileSync(inWorkTree(".opencode/plugin/x.js"), "utf8")).toBe("x");
    expect(() => readFileSync(inWorkTree("opencode.json/secret"))).toThrow();
    expect(readFileSync(join(elsewhere, "secret"), "utf8")).toBe("secret\n");
  });

  test("is put back when what was done fails", async () => {
    writeFileSync(inWorkTree("GEMINI.md"), "x");
    const failing = withSetAside(session, ["GEMINI.md"], () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(readFileSync(inWorkTree("GEMINI.md"), "utf8")).toBe("x");
  });
});
