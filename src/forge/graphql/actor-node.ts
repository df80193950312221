import type { Account } from "../hub/entity/account.ts";
import { nodeId } from "../hub/node-id.ts";
import { presentAccount } from "../rest/present/present-account.ts";
import type { GraphqlContext } from "./graphql-context.ts";

/** People, organisations and bots. */
export function actorNode({ hub }: GraphqlContext, account: Account) {
  const presented = presentAccount(hub, account);
  return {
    __typename: account.type,
    id: nodeId(account.type, account.id),
    databaseId: account.id,
    login: account.login,
    name: account.name,
    email: account.email ?? "",
    url: presented.html_url,
    resourcePath: new URL(presented.html_url).pathname,
    avatarUrl: presented.avatar_url,
    createdAt: account.createdAt,
  };
}

export function actorNodeById(context: GraphqlContext, id: number | null) {
  return id === null ? null : actorNode(context, context.hub.store.accounts.require(id));
}
