import type { Comment, ReactionContent } from "../../../src/forge/hub/entity/issue.ts";
import type { CheckRun } from "../../../src/forge/hub/entity/check.ts";
import type { Pull } from "../../../src/forge/hub/entity/pull.ts";
import type { Repository } from "../../../src/forge/hub/entity/repository.ts";
import type { WorkflowRun } from "../../../src/forge/hub/entity/workflow.ts";
import type { ScenarioForge } from "./scenario-forge.ts";

/** What a person sees of one issue and the work on it, read from the forge's own state. */
export type SceneView = {
  /** Labels of the issue, sorted. */
  readonly labels: () => readonly string[];
  readonly issueState: () => "open" | "closed";
  readonly comments: () => readonly Comment[];
  /** Comments of the App on the issue. */
  readonly ownComments: () => readonly string[];
  /** The App's status comments, of all generations. */
  readonly statusComments: () => readonly string[];
  readonly reactions: (commentId: number) => readonly ReactionContent[];
  /** The App's line to a comment, without the marks that keep it from calling people; null while there is none. */
  readonly answer: (commentId: number) => string | null;
  readonly pulls: () => readonly (Pull & { readonly state: "open" | "closed" })[];
  /** The App's checks on a commit, by name. */
  readonly checks: (sha: string) => ReadonlyMap<string, CheckRun>;
  /** Runs of Baton's workflow, oldest first. */
  readonly runs: () => readonly WorkflowRun[];
};

export function observeScene(
  { forge, app }: Pick<ScenarioForge, "forge" | "app">,
  repository: Repository,
  issueNumber: number,
): SceneView {
  const { store } = forge.hub;
  const inRepository = { repositoryId: repository.id };
  const issue = () => {
    const found = store.issues.findOne({ ...inRepository, number: issueNumber });
    if (!found) throw new Error(`There is no issue ${issueNumber}.`);
    return found;
  };
  const comments = () => store.comments.find({ issueId: issue().id });
  const ownBodies = () =>
    store.comments
      .find(inRepository)
      .filter(({ authorId }) => authorId === app.botId)
      .map(({ body }) => body);
  return {
    labels: () =>
      issue()
        .labelIds.map((id) => store.labels.require(id).name)
        .toSorted(),
    issueState: () => issue().state,
    comments,
    ownComments: () =>
      comments()
        .filter(({ authorId }) => authorId === app.botId)
        .map(({ body }) => body),
    statusComments: () => ownBodies().filter((body) => body.startsWith("<!-- baton:status:")),
    reactions: (commentId) =>
      store.reactions
        .find({ subject: "issue_comment", subjectId: commentId })
        .filter(({ userId }) => userId === app.botId)
        .map(({ content }) => content),
    answer: (commentId) => {
      const marker = `<!-- baton:answer:${commentId} -->\n`;
      const found = ownBodies().find((body) => body.startsWith(marker));
      return found?.slice(marker.length).replaceAll("\u200b", "") ?? null;
    },
    pulls: () =>
      store.pulls
        .find(inRepository)
        .map((pull) => ({ ...pull, state: store.issues.require(pull.issueId).state })),
    checks: (sha) => {
      const own = store.checkRuns
        .find({ ...inRepository, headSha: sha })
        .filter(({ appId }) => appId === app.id);
      return new Map(own.map((run) => [run.name, run]));
    },
    runs: () =>
      store.workflowRuns
        .find(inRepository)
        .filter(({ path }) => path === ".github/workflows/baton.yml")
        .toSorted((a, b) => a.id - b.id),
  };
}
