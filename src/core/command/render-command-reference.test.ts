import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { withRegion } from "../../../test/support/docs-region.ts";
import { COMMAND_DECLARATIONS } from "./command-declarations.ts";
import { formatCommand } from "./parsed-command.ts";
import { parseCommands } from "./parse-commands.ts";
import { renderCommandReference } from "./render-command-reference.ts";

/** `vitest run src/core/command --update` brings the page up to date. */
test("docs/commands.md tells every command as it is declared", async () => {
  const path = new URL("../../../docs/commands.md", import.meta.url);
  const page = await withRegion(await readFile(path, "utf8"), "commands", renderCommandReference());
  await expect(page).toMatchFileSnapshot(path.pathname);
});

const examples = COMMAND_DECLARATIONS.flatMap(({ name, examples }) =>
  examples.map(({ text }) => ({ name, text })),
);

test.each(examples)("the example $text does what it says", ({ name, text }) => {
  const { commands, problems } = parseCommands(text, { appSlug: "baton-app" });
  expect(problems).toEqual([]);
  expect(commands.map((command) => command.name)).toEqual([name]);
  expect(commands.map(formatCommand)).toEqual([text]);
});
