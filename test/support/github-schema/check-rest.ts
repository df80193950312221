import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

import { validatorOptions } from "./validator-options.ts";
import { isExcepted } from "./exceptions.ts";
import { findOperation, restDescription, type Route } from "./find-operation.ts";
import type { Parameter } from "./rest-description.ts";

export interface RestExchange {
  method: string;
  /** Path and query below the API's base URL, such as `/repos/o/r/issues?state=all`. */
  path: string;
  requestBody: unknown;
  status: number;
  responseBody: unknown;
}

export interface SchemaProblem {
  /** `POST /repos/{owner}/{repo}/issues` and which side. */
  where: string;
  /** JSON pointer into the value that failed. */
  at: string;
  message: string;
}

const documentId = "https://github.schema/rest";

const bodyValidator = createValidator({ coerceTypes: false });
/** Query values are text on the wire. */
const queryValidator = createValidator({ coerceTypes: "array" });

function createValidator(options: { coerceTypes: false | "array" }): Ajv {
  const ajv = new Ajv({ ...validatorOptions, ...options });
  addFormats.default(ajv);
  for (const format of ["int64", "repo.nwo", "ssh-key"]) ajv.addFormat(format, true);
  ajv.addSchema({ $id: documentId, ...restDescription });
  return ajv;
}

/** What GitHub's description has against a request: an endpoint, parameter or body that it does not know. */
export function checkRestRequest(
  exchange: Pick<RestExchange, "method" | "path" | "requestBody">,
): SchemaProblem[] {
  const url = new URL(exchange.path, "http://github");
  const route = findOperation(exchange.method, url.pathname);
  if (route === undefined) {
    const where = `${exchange.method} ${url.pathname}`;
    if (isExcepted({ kind: "endpoint", where })) return [];
    return [{ where, at: "", message: "GitHub describes no such endpoint" }];
  }
  const where = `${route.method} ${route.template} request`;
  return [...checkQuery(route, url, where), ...checkRequestBody(route, exchange.requestBody, where)];
}

function checkQuery(route: Route, url: URL, where: string): SchemaProblem[] {
  const declared = (route.operation.parameters ?? []).map(resolveParameter);
  return [...url.searchParams].flatMap(([name, value]) => {
    const at = `?${name}`;
    const parameter = declared.find((each) => each.in === "query" && each.name === name);
    if (parameter !== undefined) return validateQuery(parameter, { value, where, at });
    return isExcepted({ kind: "value", where, at })
      ? []
      : [{ where, at, message: "GitHub has no such parameter" }];
  });
}

function resolveParameter(parameter: Parameter | { $ref: string }): Parameter {
  if (!("$ref" in parameter)) return parameter;
  const name = lastSegment(parameter.$ref);
  const resolved = restDescription.components.parameters[name];
  if (resolved === undefined) throw new Error(`The description has no parameter ${name}`);
  return resolved;
}

function checkRequestBody(route: Route, body: unknown, where: string): SchemaProblem[] {
  const described = route.operation.requestBody;
  if (body === undefined) {
    if (described?.required !== true || isExcepted({ kind: "body", where })) return [];
    return [{ where, at: "", message: "The body is missing" }];
  }
  const schema = described?.content["application/json"]?.schema;
  if (schema !== undefined) return validate(compile(bodyValidator, schema), { value: body, where, at: "" });
  return isExcepted({ kind: "body", where }) ? [] : [{ where, at: "", message: "GitHub takes no body here" }];
}

/** What GitHub's description has against a successful answer. Other answers have no strict shape. */
export function checkRestResponse(exchange: RestExchange): SchemaProblem[] {
  if (exchange.status < 200 || exchange.status >= 300) return [];
  const url = new URL(exchange.path, "http://github");
  const route = findOperation(exchange.method, url.pathname);
  // The request check has reported it already.
  if (route === undefined) return [];
  const where = `${route.method} ${route.template} ${exchange.status}`;
  const response = route.operation.responses[String(exchange.status)];
  if (response === undefined) {
    if (isExcepted({ kind: "status", where })) return [];
    return [{ where, at: "", message: "GitHub describes no such status here" }];
  }
  const resolved =
    "$ref" in response ? restDescription.components.responses[lastSegment(response.$ref)] : response;
  const schema = resolved?.content?.["application/json"]?.schema;
  if (schema === undefined || exchange.responseBody === undefined) return [];
  return validate(compile(bodyValidator, schema), { value: exchange.responseBody, where, at: "" });
}

function lastSegment(reference: string): string {
  return reference.split("/").at(-1) ?? "";
}

interface Subject {
  value: unknown;
  where: string;
  at: string;
}

function validateQuery(parameter: Parameter, { value, where, at }: Subject): SchemaProblem[] {
  // Coercion replaces values where they are, so it needs an object around them.
  const schema = wrappers.get(parameter.schema) ?? {
    type: "object",
    properties: { value: parameter.schema },
  };
  wrappers.set(parameter.schema, schema);
  return validate(compile(queryValidator, schema), { value: { value }, where, at });
}

const wrappers = new WeakMap<object, object>();

function validate(check: ValidateFunction, { value, where, at }: Subject): SchemaProblem[] {
  if (check(value)) return [];
  return (check.errors ?? [])
    .map((error) => ({
      where,
      at: at + error.instancePath,
      message: `${error.message ?? "is invalid"} ${JSON.stringify(error.params)}`,
    }))
    .filter((problem) => !isExcepted({ kind: "value", ...problem }));
}

const compiled = new WeakMap<object, ValidateFunction>();

/** Compiling takes some 14 ms and checking 0.2 ms, so each schema is compiled once. */
function compile(ajv: Ajv, schema: object): ValidateFunction {
  let check = compiled.get(schema);
  if (check === undefined) {
    check = ajv.compile(withAbsoluteReferences(schema) as object);
    compiled.set(schema, check);
  }
  return check;
}

/** Schemas taken out of the document still refer to its parts. */
function withAbsoluteReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withAbsoluteReferences);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      key === "$ref" && typeof child === "string" ? documentId + child : withAbsoluteReferences(child),
    ]),
  );
}
