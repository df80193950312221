import { StoreUnavailable } from "./store-unavailable.ts";

/**
 * The store has as much to write as it may keep in memory, and took nothing of this: the same can be asked again when it
 * has caught up.
 */
export class StoreOverloaded extends StoreUnavailable {
  constructor() {
    super("The database is behind with writing and takes nothing more for now. Try again in a moment.");
    this.name = "StoreOverloaded";
  }
}
