import type { RepositoryFrame, RepositoryTab } from "../layout/repository-tabs.ts";
import type { RepositoryVisit } from "./visit.ts";

/** The head of a repository's pages, with its counts. */
export function repositoryFrame(visit: RepositoryVisit, tab: RepositoryTab): RepositoryFrame {
  const { hub, repository } = visit;
  const open = hub.store.issues.find({ repositoryId: repository.id, state: "open" });
  const runs = hub.store.workflowRuns.find(
    { repositoryId: repository.id },
    { filter: ({ status }) => status !== "completed" },
  );
  return {
    fullName: visit.fullName,
    isPrivate: repository.private,
    tab,
    openIssues: open.filter(({ pullId }) => pullId === null).length,
    openPulls: open.filter(({ pullId }) => pullId !== null).length,
    activeRuns: runs.length,
  };
}
