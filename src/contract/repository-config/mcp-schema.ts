import { z } from "zod";

/** The name of an MCP server or of a skill: it becomes part of tools' names and of paths. */
export const PartName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** A program that gives agents tools by the Model Context Protocol. */
const McpServer = z
  .strictObject({
    name: PartName.meta({ description: "What the stages and roles call it.", examples: ["docs"] }),
    version: z
      .string()
      .regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/)
      .meta({
        description: "Its exact version: that of the package, or else what the server says of itself.",
        examples: ["1.2.3"],
      }),
    package: z
      .string()
      .regex(/^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/)
      .max(214)
      .nullable()
      .prefault(null)
      .meta({
        description: "The npm package that it is installed from; null: `run` names a program that is there.",
        examples: ["@example/docs-server"],
      }),
    run: z
      .array(z.string().max(1_000))
      .min(1)
      .max(100)
      .optional()
      .meta({
        description:
          "The program and its arguments; of a package, one of its programs, by default that of its name.",
        examples: [["docs-server", "--quiet"]],
      }),
    env: z
      .array(z.string().regex(/^[A-Za-z_]\w*$/))
      .max(20)
      .prefault([])
      .meta({
        description: "Variables that it needs, which the workflow's `pass-env` has to name.",
        examples: [["DOCS_TOKEN"]],
      }),
  })
  .superRefine((server, context) => {
    if (server.package !== null || server.run !== undefined) return;
    context.addIssue({
      code: "custom",
      message: "names neither a package nor a program",
      params: { remedy: "Give it package: <name on npm>, or run: [<program>, <arguments…>]." },
    });
  });

/** The servers at the top, each with a name of its own. */
export const McpServers = z
  .array(McpServer)
  .max(20)
  .superRefine((servers, context) => {
    servers.forEach(({ name }, index) => {
      if (servers.findIndex((other) => other.name === name) === index) return;
      context.addIssue({
        code: "custom",
        path: [index, "name"],
        message: `is "${name}", as another server's is`,
        params: { remedy: "Give each server a name of its own." },
      });
    });
  })
  .prefault([])
  .meta({ description: "Servers of the Model Context Protocol that agents may use." });
