import { COMMAND_DECLARATIONS } from "./command-declarations.ts";
import type { CommandDeclaration } from "./command-declarations.ts";

/** All commands in full, as Markdown for docs/commands.md: what help says, with aliases and examples. */
export function renderCommandReference(): string {
  return COMMAND_DECLARATIONS.map(renderDeclaration).join("\n\n");
}

function renderDeclaration(declaration: CommandDeclaration): string {
  const { usage, description, aliases, examples, permission } = declaration;
  const who =
    permission === null
      ? "Everybody may use it."
      : `Who may use it: \`permissions.${permission}\` in the policy, \`write\` by default.`;
  const effect = declaration.changesState ? "" : " It changes nothing.";
  const also = aliases.length === 0 ? "" : ` Also: ${aliases.map((alias) => `\`/${alias}\``).join(", ")}.`;
  const rows = examples.map(({ text, meaning }) => `| \`${text}\` | ${meaning} |`);
  return [
    `## \`${usage}\``,
    `${description} ${who}${effect}${also}`,
    ["| Example | Meaning |", "| --- | --- |", ...rows].join("\n"),
  ].join("\n\n");
}
