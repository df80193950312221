import type { Account } from "../../hub/entity/account.ts";
import type { UserView } from "./avatar.ts";

export function viewUser(account: Account): UserView {
  return { login: account.login, isBot: account.type === "Bot" };
}
