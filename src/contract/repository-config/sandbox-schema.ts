import { z } from "zod";
import { duration, size } from "./scalar-forms.ts";

/** `name` or `name:port`; an address would get past what a name resolves to. */
const Host = z
  .string()
  .regex(
    /^(?=.{1,260}$)(?!\d+(?:\.\d+){3}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::(?:[1-9]\d{0,4}))?$/,
  )
  .refine((host) => Number(host.split(":")[1] ?? 443) <= 65_535);

/** What a session may reach and use; null leaves a limit to the runner. */
export const Sandbox = z
  .strictObject({
    required: z
      .boolean()
      .prefault(false)
      .meta({
        description:
          "Whether an attempt fails at once where its runner cannot confine the agent; otherwise the record says so.",
        examples: [true],
      }),
    hosts: z
      .array(Host)
      .max(50)
      .prefault([])
      .meta({
        description: "Hosts that agents may reach beside their model's, as `name` (port 443) or `name:port`.",
        examples: [["registry.example.com"]],
      }),
    memory: size({ least: "128mb", most: "1024gb" })
      .nullable()
      .prefault(null)
      .meta({ description: "Memory of all the session's processes together.", examples: ["4gb"] }),
    processes: z
      .number()
      .int()
      .min(16)
      .max(100_000)
      .nullable()
      .prefault(null)
      .meta({ description: "How many processes and threads a session may have at once.", examples: [500] }),
    disk: size({ least: "10mb", most: "1024gb" })
      .nullable()
      .prefault(null)
      .meta({
        description: "What work tree, home and temporary files may take together.",
        examples: ["5gb"],
      }),
    file: size({ least: "1mb", most: "1024gb" })
      .nullable()
      .prefault(null)
      .meta({ description: "How large one file may become.", examples: ["500mb"] }),
    output: size({ least: "100kb", most: "10gb" })
      .nullable()
      .prefault(null)
      .meta({ description: "How much the agent's program may print.", examples: ["50mb"] }),
    cpu: duration({ least: "1s", most: "24h" })
      .nullable()
      .prefault(null)
      .meta({ description: "Processor time of all the session's processes together.", examples: ["1h"] }),
  })
  .prefault({})
  .meta({ description: "What agents may reach and use on their runner." });
