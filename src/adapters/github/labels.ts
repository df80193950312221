import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import { answered, orNull } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";
import type { Memo } from "./memo.ts";

export type WantedLabel = {
  readonly prefix: string;
  readonly name: string;
  readonly color: string;
  readonly description: string;
};

/**
 * Makes the issue carry exactly this one of the labels with the prefix. The new one comes before the old ones go: a
 * process that ends in between leaves two, which the next run mends, and never none.
 * @param known labels that the repository has.
 */
export async function ensureLabel(
  octokit: ProbotOctokit,
  repository: Repository,
  issueNumber: number,
  wanted: WantedLabel,
  known: Memo<true>,
): Promise<void> {
  const issue = { ...coordinates(repository), issue_number: issueNumber };
  const labels = await octokit.paginate(octokit.rest.issues.listLabelsOnIssue, { ...issue, per_page: 100 });
  const ours = labels.map(({ name }) => name).filter((name) => name.startsWith(wanted.prefix));
  if (!ours.includes(wanted.name)) {
    await ensureLabelExists(octokit, repository, wanted, known);
    await octokit.rest.issues.addLabels({ ...issue, labels: [wanted.name] });
  }
  for (const stale of ours.filter((name) => name !== wanted.name)) {
    await removeLabel(octokit, repository, issueNumber, stale);
  }
}

export async function removeLabel(
  octokit: ProbotOctokit,
  repository: Repository,
  issueNumber: number,
  name: string,
): Promise<void> {
  await orNull(
    octokit.rest.issues.removeLabel({ ...coordinates(repository), issue_number: issueNumber, name }),
  );
}

/** Adding an unknown label would make GitHub create it in grey, so it is created first. */
async function ensureLabelExists(
  octokit: ProbotOctokit,
  repository: Repository,
  { name, color, description }: WantedLabel,
  known: Memo<true>,
): Promise<void> {
  const key = `${repository.id}/${name}`;
  if (known.get(key)) return;
  const found = await orNull(octokit.rest.issues.getLabel({ ...coordinates(repository), name }));
  if (found !== null) {
    known.set(key, true);
    return;
  }
  try {
    await octokit.rest.issues.createLabel({
      ...coordinates(repository),
      name,
      color: color.replace(/^#/, ""),
      description: description.slice(0, 100),
    });
  } catch (error) {
    // Somebody else was faster: that the label is there is all that is wanted.
    if (!answered(error, 422)) throw error;
  }
  known.set(key, true);
}
