import canonicalize from "canonicalize";

/** JSON text with an escaped lone surrogate: `JSON.stringify` escapes a surrogate only when it stands alone. */
const ESCAPED_HALF = /\\ud[89a-f][0-9a-f]{2}/;
const HALF_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * The one JSON text of a value (RFC 8785), to be hashed. RFC 8785 refuses half a character, as a text has that was cut
 * between the halves of a surrogate pair or that an agent made up; it becomes U+FFFD, as it would in UTF-8. Throws for
 * what JSON cannot say.
 *
 * RFC 8785 writes values as `JSON.stringify` does, and orders keys. So a copy in that order is stringified, which takes
 * a third of the library's time; the library has what cannot be copied so.
 */
export function canonicalJson(value: unknown): string {
  const copy = inOrder(value);
  const json = copy === NO_COPY ? null : JSON.stringify(copy);
  return json === null || hasHalfCharacter(json) ? canonicalByLibrary(value) : json;
}

function canonicalByLibrary(value: unknown): string {
  try {
    return canonicalize(value) ?? "";
  } catch (error) {
    const json = JSON.stringify(value);
    if (!hasHalfCharacter(json)) throw error;
    return canonicalize(mendHalfCharacters(json)) ?? "";
  }
}

/** JSON text of a value, in any order of keys, with half characters mended. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return hasHalfCharacter(json) ? JSON.stringify(mendHalfCharacters(json)) : json;
}

/** May also be true of JSON text that has the escape as an escaped text. */
function hasHalfCharacter(json: string): boolean {
  // Looking for a fixed text first costs a fraction of the pattern.
  return json.includes("\\ud") && ESCAPED_HALF.test(json);
}

function mendHalfCharacters(json: string): unknown {
  return JSON.parse(json, (_key, part: unknown) =>
    typeof part === "string" ? part.replace(HALF_CHARACTER, "\ufffd") : part,
  );
}

const NO_COPY = Symbol("no copy");
const DIGIT_9 = 0x39;

/**
 * A copy of plain data whose objects have their keys in the order of UTF-16; `NO_COPY` where that is not all there is to
 * its text.
 */
function inOrder(value: unknown): unknown {
  if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) return NO_COPY;
  if (value === null || typeof value !== "object") return value;
  return Array.isArray(value) ? arrayInOrder(value) : objectInOrder(value as Record<string, unknown>);
}

function arrayInOrder(array: readonly unknown[]): unknown {
  const copy: unknown[] = [];
  for (const part of array) {
    const partInOrder = inOrder(part);
    if (partInOrder === NO_COPY) return NO_COPY;
    copy.push(partInOrder);
  }
  return copy;
}

function objectInOrder(object: Readonly<Record<string, unknown>>): unknown {
  if ("toJSON" in object) return NO_COPY;
  const keys = Object.keys(object);
  if (!areInOrder(keys)) keys.sort();
  const copy: Record<string, unknown> = {};
  for (const key of keys) {
    // An object has keys that are numbers before all others, and this one is its prototype.
    if (key.charCodeAt(0) <= DIGIT_9 || key === "__proto__") return NO_COPY;
    const part = object[key];
    if (part === undefined) continue;
    const partInOrder = inOrder(part);
    if (partInOrder === NO_COPY) return NO_COPY;
    copy[key] = partInOrder;
  }
  return copy;
}

function areInOrder(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index - 1] ?? "") > (keys[index] ?? "")) return false;
  }
  return true;
}
