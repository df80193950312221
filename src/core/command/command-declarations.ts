/** The commands that people give in comments. */
export type CommandName = "approve" | "retry" | "cancel" | "hold" | "resume" | "status" | "help";

/** One command as people learn of it: parser, help, documentation and rights all come from here. */
export type CommandDeclaration = {
  readonly name: CommandName;
  /** Other words for it, understood wherever the name is. */
  readonly aliases: readonly string[];
  readonly usage: string;
  /** One sentence. */
  readonly description: string;
  readonly examples: readonly { readonly text: string; readonly meaning: string }[];
  /** The key under `permissions` that names the least role; null: whoever can comment. */
  readonly permission: "approve" | "retry" | "cancel" | "hold" | "resume" | null;
  readonly changesState: boolean;
};

export const COMMAND_DECLARATIONS: readonly CommandDeclaration[] = [
  {
    name: "approve",
    aliases: [],
    usage: "/approve [digest]",
    description:
      "Approves what the task waits for, the plan or the merge; whoever asked for the work cannot approve it, nor whoever pushed onto its branch the merge.",
    examples: [
      { text: "/approve", meaning: "approves what was shown when you wrote it" },
      {
        text: "/approve 3f2a9c1",
        meaning: "approves exactly this, and is refused if anything changed since",
      },
    ],
    permission: "approve",
    changesState: true,
  },
  {
    name: "retry",
    aliases: ["rerun"],
    usage: "/retry [stage] [-- guidance]",
    description:
      "Tries a stage again, the one the task stopped at if none is named, with your words for the agent after two dashes.",
    examples: [
      { text: "/retry", meaning: "tries again where it stopped" },
      { text: "/retry implement -- keep the old signature", meaning: "goes back to a stage with guidance" },
    ],
    permission: "retry",
    changesState: true,
  },
  {
    name: "cancel",
    aliases: ["stop"],
    usage: "/cancel [-- why]",
    description: "Ends the task for good, stops what runs and closes its pull request; the branch stays.",
    examples: [{ text: "/cancel -- not needed any more", meaning: "ends the task and says why" }],
    permission: "cancel",
    changesState: true,
  },
  {
    name: "hold",
    aliases: ["pause"],
    usage: "/hold",
    description: "Stops what runs and keeps the task where it is until somebody resumes it.",
    examples: [{ text: "/hold", meaning: "pauses the task" }],
    permission: "hold",
    changesState: true,
  },
  {
    name: "resume",
    aliases: ["unhold"],
    usage: "/resume",
    description: "Lets a held task go on.",
    examples: [{ text: "/resume", meaning: "ends the hold" }],
    permission: "resume",
    changesState: true,
  },
  {
    name: "status",
    aliases: [],
    usage: "/status",
    description: "Brings the status comment, the checks and the label up to date.",
    examples: [{ text: "/status", meaning: "shows how the task stands" }],
    permission: null,
    changesState: false,
  },
  {
    name: "help",
    aliases: [],
    usage: "/help",
    description: "Lists the commands and who may use each.",
    examples: [{ text: "/help", meaning: "shows this list" }],
    permission: null,
    changesState: false,
  },
];

export function declarationOf(name: CommandName): CommandDeclaration {
  const declaration = COMMAND_DECLARATIONS.find((candidate) => candidate.name === name);
  if (!declaration) throw new Error(`The command ${name} has no declaration.`);
  return declaration;
}

/** The declaration that a word names, in any case, be it the name or an alias. */
export function findDeclaration(word: string): CommandDeclaration | null {
  const wanted = word.toLowerCase();
  return (
    COMMAND_DECLARATIONS.find(({ name, aliases }) => name === wanted || aliases.includes(wanted)) ?? null
  );
}

/** Every word that means a command. */
export function commandWords(): readonly string[] {
  return COMMAND_DECLARATIONS.flatMap(({ name, aliases }) => [name, ...aliases]);
}
