import { GraphQLError } from "graphql";

export type GraphqlRefusalType = "NOT_FOUND" | "FORBIDDEN" | "UNPROCESSABLE";

/** An expected error of a field. GitHub answers 200 and puts the `type` beside the message. */
export class GraphqlRefusal extends GraphQLError {
  readonly type: GraphqlRefusalType;

  constructor(type: GraphqlRefusalType, message: string) {
    super(message);
    this.name = "GraphqlRefusal";
    this.type = type;
  }
}

/** A field or argument that GitHub's schema has and the forge has not. It fails the whole request, loudly. */
export class UnsupportedField extends GraphQLError {
  constructor(what: string) {
    super(`The forge does not support ${what}.`);
    this.name = "UnsupportedField";
  }
}

export function nodeNotFound(id: string): GraphqlRefusal {
  return new GraphqlRefusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}
