import { forkRepository } from "../../../src/forge/hub/repository/fork-repository.ts";
import { commitFiles } from "../../integration/github/commit-files.ts";
import type { Person, ScenarioForge } from "./scenario-forge.ts";
import type { Scene } from "./scene.ts";

export type Fork = {
  /** Commits files to the fork's default branch and gives the commit. */
  readonly push: (files: Readonly<Record<string, string | null>>) => Promise<string>;
  /** Opens a pull request to the scene's repository and gives its number. */
  readonly openPull: (title: string) => Promise<number>;
};

/** Somebody's copy of a scene's repository, where they may push whatever they like. */
export async function forkOf(
  { forge, people, as }: Pick<ScenarioForge, "forge" | "people" | "as">,
  scene: Pick<Scene, "repository" | "site">,
  person: Person,
): Promise<Fork> {
  const fork = await forkRepository(forge.hub, { parent: scene.repository, owner: people[person] });
  const branch = fork.defaultBranch;
  return {
    push: (files) => commitFiles(as(person), { owner: person, repo: fork.name }, { branch, files }),
    async openPull(title) {
      const head = `${person}:${branch}`;
      const { data } = await as(person).rest.pulls.create({ ...scene.site, title, head, base: branch });
      return data.number;
    },
  };
}
