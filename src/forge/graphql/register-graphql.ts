import type { ForgeContext } from "../forge-context.ts";
import { readBody } from "../rest/request-body.ts";
import { RestRefusal } from "../rest/rest-refusal.ts";
import { executeQuery } from "./execute-query.ts";
import { UnsupportedField } from "./graphql-refusal.ts";

/** GraphQL, over GitHub's own schema and for the fields that the forge knows. */
export function registerGraphql({ hub, http }: ForgeContext): void {
  http.post("/api/graphql", async (c) => {
    const caller = c.get("caller");
    if (caller.kind === "anonymous") {
      throw new RestRefusal(401, "This endpoint requires you to be authenticated.");
    }
    const body = await readBody(c);
    const query = body.string("query");
    if (query === undefined)
      throw new RestRefusal(400, "A query attribute must be specified and must be a string.");
    const variables = body.raw("variables");
    try {
      const answer = await executeQuery(
        { hub, caller },
        {
          query,
          variables: isObject(variables) ? variables : {},
          operationName: body.string("operationName"),
        },
      );
      return c.json(answer);
    } catch (error) {
      if (error instanceof UnsupportedField) throw new RestRefusal(501, error.message);
      throw error;
    }
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
