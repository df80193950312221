import type { ForgeContext } from "../../forge-context.ts";
import { findAccount } from "../../hub/find-repository.ts";
import { checkAccess, roleOf } from "../../hub/repository-access.ts";
import { paginate } from "../paginate.ts";
import { presentProfile } from "../present/present-account.ts";
import { presentFullRepository } from "../present/present-repository.ts";
import { actingCaller } from "../require-access.ts";
import { notFound, RestRefusal } from "../rest-refusal.ts";

export function registerUserResource({ rest, hub }: ForgeContext): void {
  rest.get("/user", (c) => {
    const caller = actingCaller(c);
    if (caller.kind !== "user") throw new RestRefusal(403, "Resource not accessible by integration");
    return c.json(presentProfile(hub, caller.account));
  });

  rest.get("/user/repos", (c) => {
    const caller = actingCaller(c);
    if (caller.kind !== "user") throw new RestRefusal(403, "Resource not accessible by integration");
    const request = { permission: "metadata", access: "read" } as const;
    const visible = hub.store.repositories.find(
      {},
      { filter: (repository) => checkAccess(hub, { caller, repository, request }) === "granted" },
    );
    const presented = paginate(c, hub, visible).map((repository) =>
      presentFullRepository(hub, repository, roleOf(hub, caller.account.id, repository)),
    );
    return c.json(presented);
  });

  rest.get("/users/:username", (c) => {
    const account = findAccount(hub, c.req.param("username"));
    if (account === undefined) throw notFound();
    return c.json(presentProfile(hub, account));
  });
}
