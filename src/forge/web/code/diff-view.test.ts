import { expect, test } from "vitest";
import type { ChangedFile } from "../../git/changed-files.ts";
import { diffView } from "./diff-view.ts";

const file: ChangedFile = {
  path: "src/a b.js",
  status: "modified",
  oid: "0".repeat(40),
  additions: 1,
  deletions: 1,
  patch: "@@ -1,2 +1,2 @@\n \tkept  twice\n-  return 'old';\n+  return 'new';",
};

function check(files: ChangedFile[]): string {
  return diffView({ files, fullName: "o/r", sha: "abc" }).toString();
}

test("keeps the white space of every line, with its numbers and what changed in it", () => {
  const cells = [...check([file]).matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell]) => cell);
  const sign = (text: string): string => `<span class="diff-sign">${text}</span>`;
  expect(cells).toEqual([
    "@@ -1,2 +1,2 @@",
    `${sign(" ")}\tkept  twice`,
    `${sign("−")}  return &#39;<b class="diff-mark">old</b>&#39;;`,
    `${sign("+")}  return &#39;<b class="diff-mark">new</b>&#39;;`,
  ]);
  expect(check([file]).match(/data-line="\d*"/g)).toEqual(
    [1, 1, 2, "", "", 2].map((n) => `data-line="${n}"`),
  );
});

test("leads to the whole file, and to nothing for a removed one", () => {
  expect(check([file])).toContain('href="/o/r/blob/abc/src/a%20b.js"');
  expect(check([{ ...file, status: "removed" }])).not.toContain("href=");
});

test("says why there is nothing to show", () => {
  const { patch: _patch, ...bare } = file;
  expect(check([{ ...bare, status: "renamed", previousPath: "b.js" }])).toContain("Renamed without a change");
  expect(check([{ ...bare, additions: 30_000 }])).toContain("too large to show");
  expect(check([{ ...bare, additions: 0, deletions: 0 }])).toContain("binary");
});

test("long files start closed, and beyond a limit no more is sent", () => {
  const long = { ...file, patch: `@@ -1,0 +1,600 @@\n${"+line\n".repeat(600)}` };
  expect(check([file])).toMatch(/<details[^>]*\sopen/);
  expect(check([long])).not.toMatch(/<details[^>]*\sopen/);
  const huge = { ...file, patch: `@@ -1,0 +1,20001 @@\n${"+line\n".repeat(20_001)}` };
  expect(check([huge])).toContain("too much to show");
});
