import { vi } from "vitest";
import { PATIENCE_MS } from "./patience.ts";

const LOOK_MS = 50;

/** What `look` gives as soon as it throws no more. Throws what it threw last once patience is at its end. */
export function waitFor<Found>(look: () => Found | Promise<Found>): Promise<Found> {
  return vi.waitFor(look, { timeout: PATIENCE_MS, interval: LOOK_MS });
}
