import { readFile, rm } from "node:fs/promises";

import { paginate } from "../paginate.ts";
import { isExpired, presentArtifact } from "../present/present-workflow.ts";
import { requireRepository } from "../require-access.ts";
import { notFound, RestRefusal } from "../rest-refusal.ts";
import { readActions, requireArtifact, writeActions } from "./actions-access.ts";
import type { ActionsContext } from "./register-actions-resources.ts";

const base = "/repos/:owner/:repo/actions/artifacts";

export function registerArtifactsResource({ rest, http, hub, engine, downloads }: ActionsContext): void {
  rest.get(base, (c) => {
    const repository = requireRepository(c, hub, readActions);
    const name = c.req.query("name");
    const where = { repositoryId: repository.id, ...(name !== undefined && { name }) };
    const artifacts = hub.store.artifacts.find(where, { newestFirst: true });
    const page = paginate(c, hub, artifacts).map((artifact) => presentArtifact(hub, artifact));
    return c.json({ total_count: artifacts.length, artifacts: page });
  });

  rest.get(`${base}/:artifact_id`, (c) => c.json(presentArtifact(hub, requireArtifact(c, hub, readActions))));

  rest.delete(`${base}/:artifact_id`, async (c) => {
    const artifact = requireArtifact(c, hub, writeActions);
    hub.change(() => hub.store.artifacts.delete(artifact.id));
    await rm(engine.files.artifact(artifact.id), { force: true });
    return c.body(null, 204);
  });

  rest.get(`${base}/:artifact_id/:archive_format`, (c) => {
    const artifact = requireArtifact(c, hub, readActions);
    if (c.req.param("archive_format") !== "zip") throw notFound();
    if (isExpired(hub, artifact)) throw new RestRefusal(410, "Artifact has expired");
    return c.redirect(hub.url + downloads.sign(`/_actions/artifacts/${artifact.id}.zip`), 302);
  });

  http.get("/_actions/artifacts/:file", async (c) => {
    const artifact = hub.store.artifacts.get(Number.parseInt(c.req.param("file"), 10));
    if (artifact === undefined || !downloads.verify(c.req.path, c.req.query()))
      return c.text("Not Found", 404);
    return c.body(await readFile(engine.files.artifact(artifact.id)), 200, {
      "content-type": "application/zip",
      "content-disposition": `attachment; filename="${artifact.name}.zip"`,
    });
  });
}
