import { expect, test } from "vitest";

import { shellCommand } from "./shell-command.ts";

test.each<[string | null, string, string[], string]>([
  [null, "bash", ["-e", "/s.sh"], ".sh"],
  ["bash", "bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "/s.sh"], ".sh"],
  ["sh", "sh", ["-e", "/s.sh"], ".sh"],
  ["python", "python", ["/s.py"], ".py"],
  ["node {0}", "node", ["/s"], ""],
  ['perl -w "-I some dir" {0}', "perl", ["-w", "-I some dir", "/s"], ""],
])("shell %s", (shell, command, args, extension) => {
  expect(shellCommand(shell, (ending) => `/s${ending}`)).toEqual({ command, args, extension });
});

test("a shell that is neither known nor a template is none", () => {
  expect(shellCommand("fish", () => "/s")).toBeNull();
});
