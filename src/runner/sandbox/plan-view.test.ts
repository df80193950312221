import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { planView, toolFolders } from "./plan-view.ts";
import { findMount, parseMounts } from "./read-mounts.ts";
import { wishView } from "./wish-view.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "baton-view-"));
  for (const name of [
    "work",
    "home",
    "tmp",
    "exchange",
    "tools/bin",
    "runner/_work/_temp",
    "runner/_work/_tool",
  ]) {
    mkdirSync(join(root, name), { recursive: true });
  }
  writeFileSync(join(root, "runner/.credentials"), "the runner's");
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** What is seen of the test's own folder, as `kind path`. */
async function seen(wish: Parameters<typeof planView>[0]): Promise<readonly string[]> {
  const view = await planView(wish);
  return view
    .filter(({ path }) => path.startsWith(root))
    .map(({ kind, path }) => `${kind} ${path.slice(root.length + 1)}`);
}

describe("what a session sees", () => {
  test("is the system and what it was given, parents first, at both ends of a link", async () => {
    symlinkSync("tools", join(root, "link"));
    const wish = {
      writable: [join(root, "work")],
      readable: [join(root, "link/bin"), join(root, "gone")],
      hidden: [],
    };
    expect(await seen(wish)).toEqual(["link link", "writable work", "read-only tools/bin"]);
    const paths = (await planView(wish)).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["/usr", "/etc"]));
    for (const path of ["/", "/home", "/root", "/tmp", "/run", "/var"]) expect(paths).not.toContain(path);
  });

  test("has holes where the runner keeps its own, and what is shown within them", async () => {
    const wish = {
      writable: [join(root, "runner/_work/_temp")],
      readable: [join(root, "runner"), join(root, "runner/_work/_tool")],
      hidden: [join(root, "runner/_work")],
    };
    expect(await seen(wish)).toEqual([
      "read-only runner",
      "hidden runner/_work",
      "writable runner/_work/_temp",
      "read-only runner/_work/_tool",
    ]);
  });

  test("has no hole in what it does not see, and nothing read-only in what it writes to", async () => {
    mkdirSync(join(root, "work/bin"));
    const wish = {
      writable: [join(root, "work")],
      readable: [join(root, "work/bin")],
      hidden: [join(root, "runner")],
    };
    expect(await seen(wish)).toEqual(["writable work"]);
  });
});

describe("what a program needs of the machine", () => {
  const wished = (env: Readonly<Record<string, string>>, argv: readonly string[] = ["sh"]) => {
    const folders = {
      workTree: join(root, "work"),
      homeDir: join(root, "home"),
      tempDir: join(root, "tmp"),
      exchangeDir: join(root, "exchange"),
    };
    const job = { HOME: join(root, "runner"), RUNNER_TEMP: join(root, "runner/_work/_temp") };
    return wishView({ argv, env }, { folders, job, readable: [] });
  };

  test("is its tool chain, and the places that its environment and arguments name", () => {
    const { readable } = wished({ PATH: join(root, "tools/bin"), TOOLS: join(root, "tools") }, [
      "sh",
      join(root, "file"),
    ]);
    expect(readable).toEqual(
      expect.arrayContaining(["tools/bin", "tools/lib", "tools", "file"].map((path) => join(root, path))),
    );
  });

  test("is never what would show the runner's own, whoever names it", () => {
    const own = [root, join(root, "runner"), join(root, "runner/_work"), "/", "/home", "/tmp", "/root"];
    const { readable, hidden } = wished({ PATH: "", ALL: own.join(":") });
    for (const path of own) expect(readable).not.toContain(path);
    expect(hidden).toEqual(
      expect.arrayContaining([join(root, "runner"), join(root, "runner/_work/_temp"), root]),
    );
  });

  test("is all of a package that a program is linked from", () => {
    expect(toolFolders("/opt/x/node_modules/.bin")).toEqual(["/opt/x/node_modules"]);
    expect(toolFolders("/usr/bin")).toEqual(["/usr/bin"]);
  });
});

test("mounts are read with what a remount has to repeat, and the last one at a place counts", () => {
  const mounts = parseMounts(
    [
      "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
      "23 22 0:5 / /mnt/a\\040b rw,nosuid,noexec shared:2 - tmpfs tmpfs rw",
      "24 22 0:6 / /mnt/a\\040b ro,nodev - tmpfs tmpfs rw",
      "",
    ].join("\n"),
  );
  expect(findMount(mounts, "/mnt/a b/c")).toEqual({ path: "/mnt/a b", flags: ["ro", "nodev"] });
  expect(findMount(mounts, "/mnt/a")?.path).toBe("/");
});
