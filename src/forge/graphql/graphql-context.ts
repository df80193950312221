import type { Caller } from "../hub/caller.ts";
import type { Hub } from "../hub/hub.ts";

/** What every resolver is given. */
export interface GraphqlContext {
  readonly hub: Hub;
  readonly caller: Caller;
}
