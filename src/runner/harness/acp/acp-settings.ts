import { z } from "zod";

export const AcpSettings = z.object({
  /** The agent's program and its arguments. */
  run: z.tuple([z.string().min(1)], z.string()),
});
