import type { Policy } from "../policy/policy.ts";
import { COMMAND_DECLARATIONS } from "./command-declarations.ts";
import type { CommandDeclaration } from "./command-declarations.ts";

/** The answer to `/help`: all commands and who may use each under this policy. `policy` null: it could not be read. */
export function renderHelp(policy: Pick<Policy, "permissions"> | null, appSlug: string): string {
  const rows = COMMAND_DECLARATIONS.map(
    (declaration) =>
      `| \`${declaration.usage}\` | ${declaration.description} | ${whoMayUse(declaration, policy)} |`,
  );
  const aliases = COMMAND_DECLARATIONS.flatMap(({ name, aliases }) =>
    aliases.map((alias) => `\`/${alias}\` is \`/${name}\``),
  );
  return [
    "| Command | What it does | Who may use it |",
    "| --- | --- | --- |",
    ...rows,
    "",
    `A command is the first word of a line of its own. \`/baton approve\` and \`@${appSlug} approve\` mean \`/approve\`; ${aliases.join(", ")}.`,
  ].join("\n");
}

function whoMayUse(declaration: CommandDeclaration, policy: Pick<Policy, "permissions"> | null): string {
  if (declaration.permission === null) return "everybody";
  const role = policy?.permissions[declaration.permission];
  return role === undefined ? "as the policy says" : `${role} and above`;
}
