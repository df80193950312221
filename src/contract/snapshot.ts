import { z } from "zod";
import { HarnessName } from "./harness/harness-name.ts";

/** A packed snapshot is at most this many bytes: it travels while the agent works. */
export const MAX_SNAPSHOT_BYTES = 16 * 1024 * 1024;

const Base64 = z.base64();

/**
 * What an attempt has done so far: the work as a git bundle on top of the commit that it began with, and the agent's
 * session. It travels as gzip of its JSON, which only runners read.
 */
export const Snapshot = z.object({
  version: z.literal(1),
  startSha: z.string().regex(/^[0-9a-f]{40}$/),
  takenAt: z.iso.datetime(),
  /** Null while nothing was changed. */
  bundle: Base64.nullable(),
  session: z.object({
    harness: HarnessName,
    id: z
      .string()
      .regex(/^[\w.-]{1,200}$/)
      .nullable(),
    /**
     * What the harness needs to go on with the session: the file in its place, by no name, or the files of a directory
     * there. Null where it cannot, or it is too large.
     */
    transcript: z
      .array(z.object({ name: z.string().regex(/^(?:[\w-][\w.-]{0,100})?$/), content: Base64 }))
      .max(10)
      .nullable(),
    /** What was done so far in words, for a harness that cannot go on with the session. */
    summary: z.string().max(20_000),
  }),
});
export type Snapshot = z.infer<typeof Snapshot>;
