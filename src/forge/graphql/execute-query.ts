import {
  buildSchema,
  defaultFieldResolver,
  execute,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from "graphql";
import { schema as published } from "@octokit/graphql-schema";
import type { GraphqlContext } from "./graphql-context.ts";
import { GraphqlRefusal, UnsupportedField } from "./graphql-refusal.ts";
import { createRoot } from "./root.ts";

let schema: GraphQLSchema | undefined;

/** GitHub's published schema. Building it takes some 150 ms, so it waits for the first query. */
function githubSchema(): GraphQLSchema {
  schema ??= buildSchema(published.idl, { assumeValidSDL: true });
  return schema;
}

export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

/**
 * Runs a query or mutation. What GitHub's schema does not allow is refused as GitHub refuses it.
 * @throws UnsupportedField when the schema allows it and the forge has no answer
 */
export async function executeQuery(
  context: GraphqlContext,
  request: GraphqlRequest,
): Promise<Record<string, unknown>> {
  const document = parseQuery(request.query);
  if (document instanceof GraphQLError) return { errors: [presentError(document)] };
  const problems = validate(githubSchema(), document);
  if (problems.length > 0) return { errors: problems.map(presentError) };
  const result = await execute({
    schema: githubSchema(),
    document,
    rootValue: createRoot(context),
    contextValue: context,
    variableValues: request.variables,
    operationName: request.operationName ?? null,
    fieldResolver: resolveKnownField,
  });
  return presentResult(result);
}

function parseQuery(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** Fields that the forge does not know must not read as empty. */
const resolveKnownField: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const known = typeof source === "object" && source !== null && info.fieldName in source;
  if (!known) throw new UnsupportedField(`the GraphQL field ${info.parentType.name}.${info.fieldName}`);
  return defaultFieldResolver(source, args as Record<string, unknown>, context, info);
};

function presentResult({ data, errors = [] }: ExecutionResult): Record<string, unknown> {
  for (const { originalError } of errors) {
    if (originalError instanceof UnsupportedField) throw originalError;
    if (originalError !== undefined && !(originalError instanceof GraphQLError)) throw originalError;
  }
  return errors.length === 0 ? { data } : { data, errors: errors.map(presentError) };
}

function presentError(error: GraphQLError) {
  const refusal = error.originalError ?? error;
  return {
    ...(refusal instanceof GraphqlRefusal && { type: refusal.type }),
    ...(error.path !== undefined && { path: error.path }),
    ...(error.locations !== undefined && { locations: error.locations }),
    message: error.message,
  };
}
