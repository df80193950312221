import { DatabaseSync } from "node:sqlite";

import type * as accounts from "./entity/account.ts";
import type * as checks from "./entity/check.ts";
import type { Delivery } from "./entity/delivery.ts";
import type * as issues from "./entity/issue.ts";
import type * as pulls from "./entity/pull.ts";
import type * as repositories from "./entity/repository.ts";
import type * as workflows from "./entity/workflow.ts";
import { Table, type TableDefinition } from "./table.ts";

/** Ids start here, so that nobody takes an id for an issue or run number and goes unnoticed. */
const firstId = 100_001;

/** All state of the forge but git objects, logs and artifact files: one SQLite file, synchronous. */
export class Store {
  readonly #database: DatabaseSync;
  #depth = 0;

  readonly accounts;
  readonly memberships;
  readonly tokens;
  readonly apps;
  readonly manifestConversions;
  readonly installations;
  readonly repositories;
  readonly collaborators;
  readonly labels;
  readonly branchProtections;
  readonly issues;
  readonly comments;
  readonly reactions;
  readonly timelineEvents;
  readonly pulls;
  readonly reviews;
  readonly reviewComments;
  readonly checkSuites;
  readonly checkRuns;
  readonly statuses;
  readonly workflows;
  readonly workflowRuns;
  readonly workflowJobs;
  readonly artifacts;
  readonly repositoryVariables;
  readonly deliveries;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    // Exclusive: a second forge on the same directory must fail at once, not write between the first one's lines.
    this.#database.exec(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
    );
    this.#database.exec("CREATE TABLE IF NOT EXISTS sequence (last INTEGER NOT NULL)");
    this.#database.exec(
      `INSERT INTO sequence SELECT ${firstId - 1} WHERE NOT EXISTS (SELECT 1 FROM sequence)`,
    );
    const increment = this.#database.prepare("UPDATE sequence SET last = last + 1 RETURNING last");
    const nextId = (): number => Number(increment.get()?.["last"]);
    const table = <T extends { id: number }>(definition: TableDefinition<T>): Table<T> =>
      new Table(this.#database, definition, nextId);

    this.accounts = table<accounts.Account>({ name: "accounts", indexes: [["login"], ["type"]] });
    this.memberships = table<accounts.Membership>({
      name: "memberships",
      indexes: [["userId"]],
      unique: [["organizationId", "userId"]],
    });
    this.tokens = table<accounts.Token>({
      name: "tokens",
      indexes: [["jobId"], ["installationId"]],
      unique: [["tokenHash"]],
    });
    this.apps = table<accounts.App>({ name: "apps", indexes: [["botId"]], unique: [["slug"]] });
    this.manifestConversions = table<accounts.ManifestConversion>({
      name: "manifest_conversions",
      indexes: [],
      unique: [["code"]],
    });
    this.installations = table<accounts.Installation>({
      name: "installations",
      indexes: [["accountId"]],
      unique: [["appId", "accountId"]],
    });
    this.repositories = table<repositories.Repository>({
      name: "repositories",
      indexes: [],
      unique: [["ownerId", "name"]],
    });
    this.collaborators = table<repositories.Collaborator>({
      name: "collaborators",
      indexes: [["userId"]],
      unique: [["repositoryId", "userId"]],
    });
    this.labels = table<repositories.Label>({
      name: "labels",
      indexes: [],
      unique: [["repositoryId", "name"]],
    });
    this.branchProtections = table<repositories.BranchProtection>({
      name: "branch_protections",
      indexes: [],
      unique: [["repositoryId", "branch"]],
    });
    this.issues = table<issues.Issue>({
      name: "issues",
      indexes: [["repositoryId", "state"]],
      unique: [["repositoryId", "number"]],
    });
    this.comments = table<issues.Comment>({ name: "comments", indexes: [["issueId"], ["repositoryId"]] });
    this.reactions = table<issues.Reaction>({
      name: "reactions",
      indexes: [],
      unique: [["subject", "subjectId", "userId", "content"]],
    });
    this.timelineEvents = table<issues.TimelineEvent>({ name: "timeline_events", indexes: [["issueId"]] });
    this.pulls = table<pulls.Pull>({
      name: "pulls",
      indexes: [["issueId"]],
      unique: [["repositoryId", "number"]],
    });
    this.reviews = table<pulls.Review>({ name: "reviews", indexes: [["pullId"]] });
    this.reviewComments = table<pulls.ReviewComment>({
      name: "review_comments",
      indexes: [["pullId"], ["reviewId"]],
    });
    this.checkSuites = table<checks.CheckSuite>({
      name: "check_suites",
      indexes: [["repositoryId", "headSha"]],
    });
    this.checkRuns = table<checks.CheckRun>({
      name: "check_runs",
      indexes: [["repositoryId", "headSha"], ["suiteId"]],
    });
    this.statuses = table<checks.CommitStatus>({ name: "statuses", indexes: [["repositoryId", "sha"]] });
    this.workflows = table<workflows.Workflow>({
      name: "workflows",
      indexes: [],
      unique: [["repositoryId", "path"]],
    });
    this.workflowRuns = table<workflows.WorkflowRun>({
      name: "workflow_runs",
      indexes: [["repositoryId"], ["workflowId"], ["status"], ["checkSuiteId"]],
    });
    this.workflowJobs = table<workflows.WorkflowJob>({ name: "workflow_jobs", indexes: [["runId"]] });
    this.artifacts = table<workflows.Artifact>({ name: "artifacts", indexes: [["runId"], ["repositoryId"]] });
    this.repositoryVariables = table<workflows.RepositoryVariable>({
      name: "repository_variables",
      indexes: [],
      unique: [["repositoryId", "kind", "name"]],
    });
    this.deliveries = table<Delivery>({
      name: "deliveries",
      indexes: [["appId", "state"], ["state"], ["guid"]],
    });
  }

  /** All writes of `work` happen or none does. Calls nest; only the outermost commits. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return this.#nested(work);
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = this.#nested(work);
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #nested<T>(work: () => T): T {
    this.#depth += 1;
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }

  get inTransaction(): boolean {
    return this.#depth > 0;
  }

  close(): void {
    this.#database.close();
  }
}
