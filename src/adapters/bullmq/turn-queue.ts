import { z } from "zod";
import type { EffectId, TaskId } from "../../base/ids.ts";

/** Name of the queue, and of every job in it. */
export const QUEUE = "baton-turns";
export const JOB = "turn";

/** What a job holds. What there is to do is read from the store by whoever takes the turn. */
export type TurnJob = { readonly task: TaskId; readonly first: EffectId };

/** Where ended turns are told, by those who took them, to those who handed them over. Channels are not per database. */
export function channelOf(database: number): string {
  return `${QUEUE}:${database}:ended`;
}

/** BullMQ keeps colons to itself. */
export function jobIdOf(effect: EffectId): string {
  return effect.replaceAll("%", "%25").replaceAll(":", "%3A");
}

const EndedTurn = z.object({
  first: z.string().transform((id) => id as EffectId),
  end: z.enum(["all-done", "look-again", "not-now"]),
});

export type EndedTurn = z.infer<typeof EndedTurn>;

/** null where the message is none of Baton's. */
export function readEndedTurns(message: string): readonly EndedTurn[] | null {
  try {
    return z.array(EndedTurn).safeParse(JSON.parse(message)).data ?? null;
  } catch {
    return null;
  }
}
