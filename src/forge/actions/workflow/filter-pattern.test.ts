import { expect, test } from "vitest";

import { matchesPatterns } from "./filter-pattern.ts";

// The rows are the examples of GitHub's "Filter pattern cheat sheet".
test.each<[string[], string[], string[]]>([
  [["feature/*"], ["feature/my-branch"], ["feature/beta-a/my-branch", "feature"]],
  [["feature/**"], ["feature/beta-a/my-branch", "feature/mona/the/octocat"], ["other"]],
  [["main", "releases/mona-the-octocat"], ["main", "releases/mona-the-octocat"], ["main2"]],
  [["*"], ["main", "releases"], ["all/the/branches"]],
  [["**"], ["all/the/branches", "every/tag"], []],
  [["*feature"], ["mona-feature", "feature"], ["feature-x"]],
  [["v2*"], ["v2", "v2.0", "v2.9"], ["v3"]],
  [["v[12].[0-9]+.[0-9]+"], ["v1.10.1", "v2.0.0"], ["v3.0.0", "v1.x.0"]],
  [["*.jsx?"], ["page.js", "page.jsx"], ["page.ts", "js/page.js"]],
  [["**.js"], ["index.js", "js/index.js", "src/js/app.js"], ["index.ts"]],
  [["docs/**/*.md"], ["docs/README.md", "docs/mona/hello-world.md", "docs/a/b.md"], ["README.md"]],
  [["**/docs/**"], ["docs/hello.md", "dir/docs/my-file.txt"], ["docsy/x"]],
  [["**/*src/**"], ["a/src/app.js", "my-src/code/js/app.js"], ["srcs/app.js"]],
  [["*.md", "!README.md"], ["hello.md"], ["README.md", "docs/hello.md"]],
  [["*.md", "!README.md", "README*"], ["hello.md", "README.md", "README.doc"], ["docs/hello.md"]],
  [["\\!important", "a.b"], ["!important", "a.b"], ["axb"]],
])("%j", (patterns, passing, failing) => {
  expect(passing.filter((name) => !matchesPatterns(patterns, name))).toEqual([]);
  expect(failing.filter((name) => matchesPatterns(patterns, name))).toEqual([]);
});
