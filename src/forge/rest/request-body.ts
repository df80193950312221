import type { ForgeRequest } from "../forge-context.ts";
import { invalidRequest, RestRefusal, validationFailed } from "./rest-refusal.ts";

/**
 * A JSON object from a request. Readers return `undefined` for what is absent and refuse a wrong type as GitHub
 * does, so that a route reads as the list of what it takes.
 */
export class RequestBody {
  readonly #fields: Record<string, unknown>;
  readonly #path: string;

  constructor(fields: Record<string, unknown>, path = "properties") {
    this.#fields = fields;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  names(): string[] {
    return Object.keys(this.#fields);
  }

  isNull(name: string): boolean {
    return this.#fields[name] === null;
  }

  raw(name: string): unknown {
    return this.#fields[name];
  }

  /** `null` reads as absent; ask `isNull` where GitHub tells them apart. */
  string(name: string): string | undefined {
    return this.#read(name, "string", (value) => typeof value === "string");
  }

  boolean(name: string): boolean | undefined {
    return this.#read(name, "boolean", (value) => typeof value === "boolean");
  }

  integer(name: string): number | undefined {
    return this.#read(name, "integer", (value) => Number.isInteger(value));
  }

  strings(name: string): string[] | undefined {
    return this.#read(
      name,
      "array",
      (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
    );
  }

  oneOf<const V extends string>(name: string, values: readonly V[]): V | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    if ((values as readonly string[]).includes(value)) return value as V;
    throw invalidRequest(
      `For '${this.#path}/${name}', ${value} is not a member of ${JSON.stringify(values)}.`,
    );
  }

  object(name: string): RequestBody | undefined {
    const value = this.#read<Record<string, unknown>>(name, "object", isObject);
    return value === undefined ? undefined : new RequestBody(value, `${this.#path}/${name}`);
  }

  objects(name: string): RequestBody[] | undefined {
    const values = this.#read<Record<string, unknown>[]>(
      name,
      "array",
      (value) => Array.isArray(value) && value.every(isObject),
    );
    return values?.map((value, index) => new RequestBody(value, `${this.#path}/${name}/${index}`));
  }

  /** @param resource GitHub's name of what is being written, such as `Issue`. */
  requiredString(name: string, resource: string): string {
    const value = this.string(name);
    if (value === undefined || value === "") {
      throw validationFailed([{ resource, field: name, code: "missing_field" }]);
    }
    return value;
  }

  #read<T>(name: string, type: string, accepts: (value: unknown) => boolean): T | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    if (accepts(value)) return value as T;
    const article = /^[aeiou]/.test(type) ? "an" : "a";
    throw invalidRequest(`For '${this.#path}/${name}', ${JSON.stringify(value)} is not ${article} ${type}.`);
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An empty body reads as `{}`, as GitHub reads it. */
export async function readBody(c: ForgeRequest): Promise<RequestBody> {
  const value = await readJson(c);
  if (!isObject(value)) throw new RestRefusal(400, "Body should be a JSON object");
  return new RequestBody(value as Record<string, unknown>);
}

/** For the few endpoints that also take an array. */
export async function readJson(c: ForgeRequest): Promise<unknown> {
  const text = await c.req.text();
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RestRefusal(400, "Problems parsing JSON");
  }
}
