import { buildSchema, parse, validate, type GraphQLSchema } from "graphql";
import { schema as published } from "@octokit/graphql-schema";

import type { SchemaProblem } from "./check-rest.ts";

let schema: GraphQLSchema | undefined;

/** GitHub's GraphQL schema. Building it takes some 150 ms, so it waits until someone asks. */
function githubGraphqlSchema(): GraphQLSchema {
  schema ??= buildSchema(published.idl, { assumeValidSDL: true });
  return schema;
}

/** What GitHub's schema has against a query. */
export function checkGraphqlQuery(query: string): SchemaProblem[] {
  return validate(githubGraphqlSchema(), parse(query)).map((error) => ({
    where: "POST /graphql",
    at: error.locations?.map(({ line, column }) => `${line}:${column}`).join(", ") ?? "",
    message: error.message,
  }));
}
