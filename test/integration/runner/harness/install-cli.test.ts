import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { SessionEvent } from "../../../../src/contract/session-event.ts";
import { installCli } from "../../../../src/runner/harness/install-cli.ts";
import { installPackage, type Machine } from "../../../../src/runner/harness/install-package.ts";
import { systemTimers } from "../../../../src/runner/timers.ts";
import { startPackageRegistry, type PackageRegistry } from "./package-registry.ts";

const PARROT = { package: "@example/parrot", version: "1.2.3", program: "parrot" };

let registry: PackageRegistry;
let root: string;
let events: SessionEvent[];

beforeAll(async () => {
  registry = await startPackageRegistry([
    {
      name: "@example/parrot",
      version: "1.2.3",
      manifest: {
        bin: { parrot: "parrot.sh" },
        scripts: { postinstall: "env > environment.txt" },
        dependencies: { stranger: "1.0.0" },
      },
      files: { "parrot.sh": "#!/bin/sh\necho parrot 1.2.3\n" },
    },
    {
      name: "stranger",
      version: "1.0.0",
      manifest: { scripts: { postinstall: "touch ran.txt" } },
      files: {},
    },
    {
      name: "broken",
      version: "1.0.0",
      manifest: { bin: { broken: "broken.sh" }, scripts: { postinstall: "echo no room for it; exit 3" } },
      files: { "broken.sh": "#!/bin/sh\n" },
    },
  ]);
});

afterAll(async () => {
  await registry.close();
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "baton-install-"));
  events = [];
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
});

function machine(env: Record<string, string> = {}): Machine {
  return {
    directory: join(root, "tools"),
    env: {
      PATH: process.env["PATH"],
      HOME: root,
      npm_config_registry: registry.url,
      ANTHROPIC_API_KEY: "a key of a model",
      ...env,
    },
    stop: new AbortController().signal,
    timers: systemTimers,
    emit: (event) => events.push(event),
  };
}

function placeProgram(script: string): string {
  const file = join(root, "bin", "parrot");
  mkdirSync(dirname(file));
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return `${dirname(file)}:${process.env["PATH"] ?? ""}`;
}

describe("installing a package", () => {
  test("gives its program, runs no script of its dependencies, and tells its own no key", async () => {
    const installed = await installPackage(machine(), PARROT);
    if (!installed.ok) throw new Error(installed.error);
    expect(execFileSync(installed.value, { encoding: "utf8" })).toBe("parrot 1.2.3\n");
    const modules = dirname(dirname(installed.value));
    expect(existsSync(join(modules, "@example/parrot/environment.txt"))).toBe(true);
    expect(
      execFileSync("cat", [join(modules, "@example/parrot/environment.txt")], { encoding: "utf8" }),
    ).not.toMatch(/key of a model/);
    expect(existsSync(join(modules, "stranger/package.json"))).toBe(true);
    expect(existsSync(join(modules, "stranger/ran.txt"))).toBe(false);
    expect(events).toMatchObject([{ type: "notice", text: "Installing @example/parrot@1.2.3 with npm." }]);
  });

  test("is done once, also by two jobs at once, and leaves nothing half done", async () => {
    const both = await Promise.all([1, 2, 3].map(() => installPackage(machine(), PARROT)));
    expect(both[0]).toMatchObject({ ok: true });
    expect(both).toEqual([both[0], both[0], both[0]]);
    expect(readdirSync(join(root, "tools"))).toEqual(["@example+parrot@1.2.3"]);
    events = [];
    expect(await installPackage(machine(), PARROT)).toEqual(both[0]);
    expect(events).toEqual([]);
  });

  test("replaces what is there damaged, without its program", async () => {
    mkdirSync(join(root, "tools", "@example+parrot@1.2.3", "node_modules"), { recursive: true });
    expect(await installPackage(machine(), PARROT)).toMatchObject({ ok: true });
    expect(readdirSync(join(root, "tools"))).toEqual(["@example+parrot@1.2.3"]);
  });

  test.each([
    [
      "a version that is not published",
      { ...PARROT, version: "9.9.9" },
      /^npm could not install @example\/parrot@9\.9\.9 \(/,
    ],
    [
      "a package that nobody knows",
      { ...PARROT, package: "nobody-knows" },
      /^npm could not install nobody-knows@1\.2\.3 \(/,
    ],
    [
      "a program that it does not bring",
      { ...PARROT, program: "raven" },
      /^@example\/parrot@1\.2\.3 brings no program "raven"$/,
    ],
    [
      "an install script that fails",
      { package: "broken", version: "1.0.0", program: "broken" },
      /^the install script of broken@1\.0\.0 failed \(no room for it\)$/,
    ],
  ])("says why not: %s", async (_name, wanted, why) => {
    expect(await installPackage(machine(), wanted)).toEqual({
      ok: false,
      error: expect.stringMatching(why) as string,
    });
    expect(readdirSync(join(root, "tools"))).toEqual([]);
  });
});

describe("finding an agent's program", () => {
  test("takes the machine's own where that is the version that is wanted", async () => {
    const path = placeProgram("#!/bin/sh\necho '1.2.3 (Parrot)'\n");
    expect(await installCli(machine({ PATH: path }), PARROT)).toEqual({
      ok: true,
      value: join(root, "bin/parrot"),
    });
    expect(events).toEqual([]);
  });

  test("installs its own where the machine's is another, of whose version the wanted one is a part", async () => {
    for (const version of ["1.2.30", "11.2.3", "1.2.3-beta.1"]) {
      rmSync(join(root, "bin"), { recursive: true, force: true });
      const path = placeProgram(`#!/bin/sh\necho parrot ${version}\n`);
      const found = await installCli(machine({ PATH: path }), PARROT);
      expect(found).toMatchObject({
        ok: true,
        value: expect.stringContaining("@example+parrot@1.2.3") as string,
      });
    }
  });

  test("says in one sentence which version is there, why the other cannot be had, and what to do", async () => {
    const path = placeProgram("#!/bin/sh\necho 0.9.0\n");
    const found = await installCli(machine({ PATH: path }), {
      ...PARROT,
      program: "parrot",
      version: "9.9.9",
    });
    expect(found).toEqual({
      ok: false,
      error: expect.stringMatching(
        /^The program parrot on this machine is version 0\.9\.0, not 9\.9\.9, and npm could not install .+: "npm install --global @example\/parrot@9\.9\.9" on the runner puts it there\.$/,
      ) as string,
    });
  });
});
