import { relative } from "node:path";
import { styleText } from "node:util";
import { PEOPLE } from "./people.ts";
import type { Local } from "./start-local.ts";

/** What a person reads once everything runs: where to look, what to do, and how to get at the result. */
export function introduceLocal({ forge, world, notes }: Local, dir: string): string {
  const page = `${forge.url}/maya/${world.repository.name}`;
  const people = PEOPLE.map(({ login, does }) => `       ${bold(login.padEnd(6))} ${does}`).join("\n");
  const sections = [
    `${bold("Baton is running")} beside a forge of its own. Open ${bold(page)}`,
    `  1. File an issue and give it the label ${bold("baton")}.
  2. Watch the issue, its pull request and the runs; comment ${bold("/approve")} where it asks for it.
  3. Review and merge. Whoever asked for the work cannot approve it: the menu at
     the top right of each page lets you act as somebody else.
${people}`,
    ...(world.target.kind === "copy" ? [onCopy(world.target.from, { forge, world })] : []),
    ...notes.map((note) => `  ${styleText("yellow", "Note:")} ${note}`),
    `  Everything is kept in ${shown(dir)}. Ctrl+C stops; the next start goes on from there.`,
  ];
  return `\n${sections.join("\n\n")}\n`;
}

function onCopy(from: string, { forge, world }: Pick<Local, "forge" | "world">): string {
  const { id, defaultBranch } = world.repository;
  const gitDir = forge.hub.gitDirectory(id);
  return `  Work happens in a copy: ${from} is only read. To fetch what was merged, in your repository:

       ${bold(`git fetch ${quoted(gitDir)} ${quoted(defaultBranch)}`)}

  and look at it with ${bold("git log -p ..FETCH_HEAD")}.`;
}

/** The folder from where the person is, unless that is the longer way round. */
export function shown(dir: string): string {
  const way = relative(process.cwd(), dir);
  return way === "" ? "." : way.startsWith("..") ? dir : way;
}

/** A word for a POSIX shell. */
export function quoted(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function bold(text: string): string {
  return styleText("bold", text);
}
