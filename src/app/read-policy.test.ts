import { describe, expect, test } from "vitest";
import { exampleTask } from "../../test/support/task/example-task.ts";
import { MAX_SKILL_FILES } from "../contract/skill.ts";
import { describeConfigProblem } from "../contract/repository-config/config-problem.ts";
import type { DirectoryEntry, GitHub } from "../ports/github.ts";
import { readPolicy } from "./read-policy.ts";

/** A repository of these files, as far as the policy looks at it; `asked` are the paths that were. */
function repositoryWith(files: Readonly<Record<string, string>>): { github: GitHub; asked: string[] } {
  const asked: string[] = [];
  const paths = Object.keys(files).toSorted();
  const github: Pick<GitHub, "readFile" | "list"> = {
    readFile: async (_repository, path) => {
      asked.push(path);
      const text = files[path];
      return text === undefined ? { kind: "absent" } : { kind: "found", text };
    },
    list: async (_repository, directory) => {
      asked.push(directory);
      const below = paths.filter((path) => path.startsWith(`${directory}/`));
      const names = new Set(below.map((path) => path.slice(directory.length + 1).split("/")[0] ?? ""));
      const entries = [...names].map((name): DirectoryEntry => {
        const path = `${directory}/${name}`;
        return { path, kind: paths.includes(path) ? "file" : "directory" };
      });
      return entries.length === 0 ? null : entries;
    },
  };
  return { github: github as GitHub, asked };
}

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string> {
  const read = await readPolicy(repositoryWith(files).github, exampleTask().repository, "base");
  return read.kind === "invalid" ? read.problems.map(describeConfigProblem).join("\n") : read.kind;
}

const CONFIG = ".github/baton.yml";
const CLAUDE = "version: 1\nharness: { use: claude }\n";
const SKILL = "---\nname: migrations\ndescription: How we write migrations.\n---\n";

function roleFile(name: string, more = ""): string {
  return `---\nname: ${name}\ndescription: X.\nstages: [implement]\ntools: [read]\nwrites: code\n${more}---\nDo it.\n`;
}

describe("reading a policy with what it names", () => {
  test("takes what the repository's roles prefer, and asks for no file of a built-in one", async () => {
    const { github, asked } = repositoryWith({
      [CONFIG]: `${CLAUDE}stages: { implement: { role: own } }\n`,
      ".github/baton/roles/own.md": roleFile("own", "skills: [migrations]\nlimits: { turns: 9 }\n"),
      ".github/baton/skills/migrations/SKILL.md": SKILL,
      ".github/baton/skills/migrations/deep/er.sql": "select 1;",
    });
    const read = await readPolicy(github, exampleTask().repository, "base");
    expect(read).toMatchObject({
      kind: "valid",
      policy: { stages: { implement: { limits: { maxTurns: 9 }, skills: ["migrations"] } } },
    });
    expect(asked.filter((path) => path.includes("roles"))).toEqual([
      ".github/baton/roles",
      ".github/baton/roles/own.md",
    ]);
  });

  test.each([
    [
      "a role that is nowhere",
      { [CONFIG]: `${CLAUDE}stages:\n  test: { role: own }\n` },
      '.github/baton.yml:4:17 stages.test.role cannot be used: There is no role "own": add .github/baton/roles/own.md or name a built-in role.',
    ],
    [
      "a role that is broken",
      {
        [CONFIG]: `${CLAUDE}stages:\n  implement: { role: own }\n`,
        ".github/baton/roles/own.md": roleFile("own", "model: big\n"),
      },
      '.github/baton.yml:4:22 stages.implement.role cannot be used: .github/baton/roles/own.md: The front matter is wrong: Unrecognized key: "model".',
    ],
    [
      "a role of another stage",
      {
        [CONFIG]: `${CLAUDE}stages:\n  test: { role: own }\n`,
        ".github/baton/roles/own.md": roleFile("own"),
      },
      ".github/baton.yml:4:17 stages.test.role cannot be used: .github/baton/roles/own.md is not for the test stage",
    ],
    [
      "a skill that is nowhere",
      { [CONFIG]: `${CLAUDE}skills: [migrations]\n` },
      '.github/baton.yml:3:10 skills[0] cannot be used: There is no skill "migrations": add .github/baton/skills/migrations/SKILL.md.',
    ],
    [
      "a skill by another name",
      {
        [CONFIG]: `${CLAUDE}stages: { plan: { skills: [other] } }\n`,
        ".github/baton/skills/other/SKILL.md": SKILL,
      },
      '.github/baton.yml:3:28 stages.plan.skills[0] cannot be used: .github/baton/skills/other: The skill calls itself "migrations", but its folder is other.',
    ],
    [
      "a skill with more files than are read",
      {
        [CONFIG]: `${CLAUDE}skills: [migrations]\n`,
        ...Object.fromEntries(
          Array.from({ length: MAX_SKILL_FILES + 5 }, (_, index) => [
            `.github/baton/skills/migrations/${index}.md`,
            "",
          ]),
        ),
      },
      "The skill has more than the 30 files and folders that are read.",
    ],
  ])("%s makes it invalid, at the key that names it", async (_name, files, expected) => {
    expect(await problemsOf(files)).toContain(expected);
  });
});
