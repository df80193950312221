import { mkdirSync } from "node:fs";
import { join } from "node:path";

export interface JobDirectories {
  /** Where the repository is checked out. */
  workspace: string;
  home: string;
  /** Emptied with the job: `RUNNER_TEMP`. */
  temp: string;
  actions: string;
  toolCache: string;
  commandFiles: string;
}

/** Lays out a job's directory as GitHub's runner does. @param repository `owner/name` */
export function createJobDirectories(root: string, repository: string): JobDirectories {
  const name = repository.split("/").at(-1) ?? repository;
  const directories: JobDirectories = {
    workspace: join(root, "work", name, name),
    home: join(root, "home"),
    temp: join(root, "work", "_temp"),
    actions: join(root, "work", "_actions"),
    toolCache: join(root, "work", "_tool"),
    commandFiles: join(root, "work", "_temp", "_runner_file_commands"),
  };
  for (const directory of Object.values(directories) as string[]) mkdirSync(directory, { recursive: true });
  return directories;
}
