import type { ForgeContext } from "../../forge-context.ts";
import { findRepository } from "../../hub/find-repository.ts";
import { forkRepository } from "../../hub/repository/fork-repository.ts";
import { paginate } from "../paginate.ts";
import { presentFullRepository, presentRepository } from "../present/present-repository.ts";
import { readBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { RestRefusal, unsupported } from "../rest-refusal.ts";
import { readCode } from "./code-access.ts";

export function registerForksResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/forks", (c) => {
    const repository = requireRepository(c, hub, readCode);
    const forks = hub.store.repositories.find({ parentId: repository.id }, { newestFirst: true });
    return c.json(paginate(c, hub, forks).map((fork) => presentRepository(hub, fork)));
  });

  rest.post("/repos/:owner/:repo/forks", async (c) => {
    const parent = requireRepository(c, hub, readCode);
    const caller = actingCaller(c);
    if (caller.kind !== "user") throw unsupported("forks made by Apps");
    const body = await readBody(c);
    if (body.string("organization") !== undefined) throw unsupported("forks into organisations");
    const owner = caller.account;
    const name = body.string("name");
    if (owner.id === parent.ownerId) {
      throw new RestRefusal(403, "You cannot fork your own repository into the same account.");
    }
    // Forking twice gives the fork that is there, as on GitHub.
    const existing = hub.store.repositories.findOne({ ownerId: owner.id, parentId: parent.id });
    if (existing === undefined && findRepository(hub, owner.login, name ?? parent.name) !== undefined) {
      throw new RestRefusal(422, "Name already exists on this account");
    }
    const fork =
      existing ?? (await forkRepository(hub, { parent, owner, ...(name !== undefined && { name }) }));
    return c.json(presentFullRepository(hub, fork, "admin"), 202);
  });
}
