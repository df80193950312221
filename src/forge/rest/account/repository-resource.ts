import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import type { Caller } from "../../hub/caller.ts";
import type { RepositoryRole } from "../../hub/entity/permission.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { roleOf } from "../../hub/repository-access.ts";
import { editRepository } from "../../hub/repository/edit-repository.ts";
import { readRef } from "../../git/read-refs.ts";
import { runGit } from "../../git/run-git.ts";
import { presentFullRepository } from "../present/present-repository.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { actingCaller, requireAccess, requireRepository } from "../require-access.ts";
import { notFound, validationFailed } from "../rest-refusal.ts";
import { actorOf } from "../../hub/caller.ts";

const readMetadata = { permission: "metadata", access: "read" } as const;

export function registerRepositoryResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo", (c) => {
    const repository = requireRepository(c, hub, readMetadata);
    return c.json(presentFullRepository(hub, repository, callerRole(hub, c.get("caller"), repository)));
  });

  rest.get("/repositories/:id", (c) => {
    const repository = hub.store.repositories.get(Number(c.req.param("id")));
    if (repository === undefined) throw notFound();
    requireAccess(c, hub, { repository, request: readMetadata });
    return c.json(presentFullRepository(hub, repository, callerRole(hub, c.get("caller"), repository)));
  });

  rest.patch("/repos/:owner/:repo", async (c) => {
    const repository = requireRepository(c, hub, {
      permission: "administration",
      access: "write",
      role: "admin",
    });
    const edited = await applyEdit(c, hub, repository);
    return c.json(presentFullRepository(hub, edited, callerRole(hub, c.get("caller"), edited)));
  });
}

async function applyEdit(c: ForgeRequest, hub: Hub, repository: Repository): Promise<Repository> {
  const body = await readBody(c);
  const defaultBranch = body.string("default_branch");
  const gitDirectory = hub.gitDirectory(repository.id);
  if (defaultBranch !== undefined) {
    if ((await readRef(gitDirectory, `refs/heads/${defaultBranch}`)) === undefined) {
      throw validationFailed([
        {
          resource: "Repository",
          field: "default_branch",
          code: "invalid",
          message: `The branch ${defaultBranch} was not found. Please push that ref first or create it via the Git Data API.`,
        },
      ]);
    }
    await runGit(gitDirectory, ["symbolic-ref", "HEAD", `refs/heads/${defaultBranch}`]);
  }
  return editRepository(hub, {
    repository,
    actor: actorOf(actingCaller(c)),
    edit: readEdit(body, repository),
  });
}

function readEdit(body: RequestBody, repository: Repository): Partial<Repository> {
  const nullable = (name: string, current: string | null): string | null =>
    body.isNull(name) ? null : (body.string(name) ?? current);
  return {
    name: body.string("name") ?? repository.name,
    defaultBranch: body.string("default_branch") ?? repository.defaultBranch,
    description: nullable("description", repository.description),
    homepage: nullable("homepage", repository.homepage),
    private: body.boolean("private") ?? repository.private,
    archived: body.boolean("archived") ?? repository.archived,
    hasIssues: body.boolean("has_issues") ?? repository.hasIssues,
    allowMergeCommit: body.boolean("allow_merge_commit") ?? repository.allowMergeCommit,
    allowSquashMerge: body.boolean("allow_squash_merge") ?? repository.allowSquashMerge,
    allowRebaseMerge: body.boolean("allow_rebase_merge") ?? repository.allowRebaseMerge,
    allowAutoMerge: body.boolean("allow_auto_merge") ?? repository.allowAutoMerge,
    deleteBranchOnMerge: body.boolean("delete_branch_on_merge") ?? repository.deleteBranchOnMerge,
  };
}

/** Tokens of Apps and jobs have no role; GitHub shows them what their permissions amount to. */
function callerRole(hub: Hub, caller: Caller, repository: Repository): RepositoryRole | null {
  switch (caller.kind) {
    case "anonymous":
    case "app":
      return null;
    case "user":
      return roleOf(hub, caller.account.id, repository);
    case "installation":
    case "job":
      return caller.permissions.contents === "write" ? "write" : "read";
  }
}
