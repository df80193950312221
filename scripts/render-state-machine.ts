import type { TaskCommandType } from "../src/core/task/commands.ts";
import type { Answer, StatusOrNone } from "../src/core/task/transition-table.ts";
import { TRANSITIONS } from "../src/core/task/transition-table.ts";

type Edge = { readonly from: StatusOrNone; readonly to: StatusOrNone; readonly command: TaskCommandType };

const STATUSES = Object.keys(TRANSITIONS) as readonly StatusOrNone[];
const COMMANDS = Object.keys(TRANSITIONS.none) as readonly TaskCommandType[];
const FINAL: readonly StatusOrNone[] = ["completed", "cancelled"];
const OPEN = STATUSES.filter((status) => status !== "none" && !FINAL.includes(status));

/** The page about the machine of a task, all of it from the table that the tests hold against the code. */
export function renderStateMachine(): string {
  const edges = edgesOf();
  const everywhere = edges.filter((edge) => isEverywhere(edge, edges));
  return [
    "# The state machine of a task",
    "<!-- Written by scripts/generate-docs.ts from src/core/task/transition-table.ts. -->",
    "A task's status is never stored: it is derived from the state that its events add up to. Commands come from people (`approve`, `retry`, …), from runners (`claim-lease`, `report-attempt`, …), from what GitHub tells (`observe-checks`, `record-merge`, …) and from the clock (`wake`, `expire-lease`). Which of several answers a command gets depends on the rest of the task: its stage, its tier, its gates and its retries.",
    `An arrow stands for the commands that may lead from one status to another. Left out are those that lead to the same status from every open one: ${sentence(everywhere)}.`,
    ["```mermaid", ...diagram(edges.filter((edge) => !everywhere.includes(edge))), "```"].join("\n"),
    "## Every status and every command",
    "A cell has the statuses in which the command may leave the task, `–` where it may change nothing, and in italics the codes of the refusals that it may get. A command may leave the status as it is and yet change the task: a counted approval, say. A test takes the task through random walks and holds what it sees against this table, both ways: no answer that is not here, and none here that never comes.",
    table(),
  ].join("\n\n");
}

/** All arrows between two different statuses. */
function edgesOf(): readonly Edge[] {
  return STATUSES.flatMap((from) =>
    COMMANDS.flatMap((command) =>
      TRANSITIONS[from][command]
        .filter(isStatus)
        .filter((to) => to !== from)
        .map((to) => ({ from, to, command })),
    ),
  );
}

function isStatus(answer: Answer): answer is Answer & StatusOrNone {
  return (STATUSES as readonly Answer[]).includes(answer);
}

/** Whether the command leads to this status from all open ones, so that drawing it would only hide the others. */
function isEverywhere({ from, to, command }: Edge, edges: readonly Edge[]): boolean {
  if (!OPEN.includes(from)) return false;
  return OPEN.filter((status) => status !== to).every((status) =>
    edges.some((other) => other.from === status && other.to === to && other.command === command),
  );
}

function sentence(everywhere: readonly Edge[]): string {
  const parts = new Set(everywhere.map(({ command, to }) => `\`${command}\` (to \`${to}\`)`));
  return new Intl.ListFormat("en").format(parts);
}

function diagram(edges: readonly Edge[]): string[] {
  const commandsOf = new Map<string, TaskCommandType[]>();
  for (const { from, to, command } of edges) {
    const arrow = `${idOf(from)} --> ${idOf(to)}`;
    commandsOf.set(arrow, [...(commandsOf.get(arrow) ?? []), command]);
  }
  const names = STATUSES.filter((status) => status.includes("-"));
  return [
    "stateDiagram-v2",
    ...names.map((status) => `  state "${status}" as ${idOf(status)}`),
    ...[...commandsOf].map(([arrow, commands]) => `  ${arrow}: ${commands.join(", ")}`),
    ...FINAL.map((status) => `  ${idOf(status)} --> [*]`),
  ];
}

/** Mermaid reads a hyphen in a name as the beginning of an arrow. */
function idOf(status: StatusOrNone): string {
  return status === "none" ? "[*]" : status.replaceAll("-", "_");
}

function table(): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row(["Command", ...STATUSES.map((status) => (status === "none" ? "no task" : status))]),
    row(["---", ...STATUSES.map(() => "---")]),
    ...COMMANDS.map((command) =>
      row([
        `\`${command}\``,
        ...STATUSES.map((status) => TRANSITIONS[status][command].map(show).join("<br>")),
      ]),
    ),
  ].join("\n");
}

function show(answer: Answer): string {
  if (answer === "nothing") return "–";
  return answer.startsWith("refused: ") ? `_${answer.slice("refused: ".length)}_` : answer;
}
