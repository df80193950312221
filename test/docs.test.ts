import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { listFiles } from "./support/list-files.ts";

const PAGES = (await listFiles(".")).filter((path) => path.endsWith(".md") && !path.startsWith("roles/"));

describe.each(PAGES)("%s", (page) => {
  test("links to what is there", async () => {
    const text = await readFile(page, "utf8");
    const targets = Array.from(text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g), ([, target = ""]) => target);
    expect(targets.filter((target) => !existsSync(join(dirname(page), target)))).toEqual([]);
  });
});

test("ARCHITECTURE.md names tests that exist", async () => {
  const text = await readFile("ARCHITECTURE.md", "utf8");
  const named = Array.from(text.matchAll(/\]\(([^)]+)\): "([^"]+)"/g));
  expect(named.length).toBeGreaterThan(10);
  for (const [, file = "", title = ""] of named) {
    expect(await readFile(file, "utf8"), file).toContain(`"${title}"`);
  }
});

test("the list of decisions has every one of them", async () => {
  const list = await readFile("docs/adr/README.md", "utf8");
  const decisions = PAGES.filter((path) => /^docs\/adr\/\d{4}-/.test(path)).sort();
  const numbered = await Promise.all(
    decisions.map(async (path, index) => {
      const [heading = ""] = (await readFile(path, "utf8")).split("\n");
      const title = heading.replace(/^# \d+\. /, "");
      expect(heading).toBe(`# ${index + 1}. ${title}`);
      return `${index + 1}. [${title}](${path.replace("docs/adr/", "")})`;
    }),
  );
  expect(list.split("\n").filter((line) => /^\d+\. /.test(line))).toEqual(numbered);
});

describe("docs/dependencies.md", () => {
  type Manifest = Readonly<Record<"dependencies" | "devDependencies", Readonly<Record<string, string>>>>;
  type Lock = { readonly packages: Readonly<Record<string, { readonly license?: string } | undefined>> };

  test("has a line with the licence for every package, and for none that is gone", async () => {
    const { dependencies, devDependencies } = JSON.parse(await readFile("package.json", "utf8")) as Manifest;
    const { packages } = JSON.parse(await readFile("package-lock.json", "utf8")) as Lock;
    const [, shipped = "", developing = ""] = (await readFile("docs/dependencies.md", "utf8")).split(
      /^## .*$/m,
    );
    const line = (name: string): string => `${name} ${packages[`node_modules/${name}`]?.license ?? "?"}`;
    expect(linesOf(shipped)).toEqual(Object.keys(dependencies).map(line));
    expect(linesOf(developing)).toEqual(Object.keys(devDependencies).map(line));
  });

  test("names only licences that ask for no more than being named", async () => {
    const { packages } = JSON.parse(await readFile("package-lock.json", "utf8")) as Lock;
    const shipped = Object.entries(packages).filter(
      ([path, entry]) => path !== "" && !isForDeveloping(entry),
    );
    const licences = new Set(shipped.map(([, entry]) => entry?.license ?? "none"));
    const allowed = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];
    expect([...licences].filter((licence) => !allowed.includes(licence))).toEqual([]);
  });

  function isForDeveloping(entry: object | undefined): boolean {
    return entry !== undefined && "dev" in entry;
  }

  /** The package and the licence of each row. */
  function linesOf(section: string): string[] {
    const rows = section.matchAll(/^\| `([^`]+)`\s*\|.*\|\s*(\S+)\s*\|$/gm);
    return Array.from(rows, ([, name = "", licence = ""]) => `${name} ${licence}`);
  }
});
