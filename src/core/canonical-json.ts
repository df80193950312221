import canonicalize from "canonicalize";

/** JSON text with an escaped lone surrogate: `JSON.stringify` escapes a surrogate only when it stands alone. */
const ESCAPED_HALF = /\\ud[89a-f][0-9a-f]{2}/;
const HALF_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * The one JSON text of a value (RFC 8785), to be hashed. RFC 8785 refuses half a character, as a text has that was cut
 * between the halves of a surrogate pair or that an agent made up; it becomes U+FFFD, as it would in UTF-8. Throws for
 * what JSON cannot say.
 */
export function canonicalJson(value: unknown): string {
  try {
    return canonicalize(value) ?? "";
  } catch (error) {
    const json = JSON.stringify(value);
    if (!ESCAPED_HALF.test(json)) throw error;
    return canonicalize(mendHalfCharacters(json)) ?? "";
  }
}

/** JSON text of a value, in any order of keys, with half characters mended. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // Looking for a fixed text first costs a fraction of the pattern.
  return json.includes("\\ud") && ESCAPED_HALF.test(json) ? JSON.stringify(mendHalfCharacters(json)) : json;
}

function mendHalfCharacters(json: string): unknown {
  return JSON.parse(json, (_key, part: unknown) =>
    typeof part === "string" ? part.replace(HALF_CHARACTER, "\ufffd") : part,
  );
}
