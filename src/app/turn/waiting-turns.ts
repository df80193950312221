import type { TenantId } from "../../base/ids.ts";
import type { Turn } from "../../ports/task-store.ts";

/**
 * Turns that were seen and are not handed over yet. The tenant that has the fewest in hand goes first, and of those
 * with as few the one whose turn is older: one with thousands waiting takes no place that another has a use for.
 */
export class WaitingTurns {
  readonly #byTenant = new Map<TenantId, { readonly turn: Turn; readonly age: number }[]>();
  readonly #inHand = new Map<TenantId, number>();
  #ranOut = false;

  /** Whether all that was seen of some tenant is handed over by now: there may be more than a look can see. */
  get ranOut(): boolean {
    return this.#ranOut;
  }

  /** @param turns oldest first. */
  replace(turns: readonly Turn[]): void {
    this.#byTenant.clear();
    this.#ranOut = false;
    for (const [age, turn] of turns.entries()) {
      const others = this.#byTenant.get(turn.tenant);
      if (others) others.push({ turn, age });
      else this.#byTenant.set(turn.tenant, [{ turn, age }]);
    }
  }

  /** Takes the next turn of a tenant that has less than its share in hand. */
  take(perTenant: number): Turn | null {
    let best = { tenant: null as TenantId | null, inHand: perTenant, age: Infinity };
    for (const [tenant, [oldest]] of this.#byTenant) {
      const inHand = this.#inHand.get(tenant) ?? 0;
      const age = oldest?.age ?? Infinity;
      if (inHand < best.inHand || (inHand === best.inHand && best.tenant !== null && age < best.age)) {
        best = { tenant, inHand, age };
      }
    }
    return best.tenant === null ? null : this.#shift(best.tenant, best.inHand);
  }

  giveBack(tenant: TenantId): void {
    const left = (this.#inHand.get(tenant) ?? 1) - 1;
    if (left > 0) this.#inHand.set(tenant, left);
    else this.#inHand.delete(tenant);
  }

  #shift(tenant: TenantId, inHand: number): Turn | null {
    const turns = this.#byTenant.get(tenant) ?? [];
    const next = turns.shift();
    if (turns.length === 0) {
      this.#byTenant.delete(tenant);
      this.#ranOut = true;
    }
    if (!next) return null;
    this.#inHand.set(tenant, inHand + 1);
    return next.turn;
  }
}
