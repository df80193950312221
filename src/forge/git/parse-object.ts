export type ObjectType = "commit" | "tree" | "blob" | "tag";

export interface GitObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly content: Buffer;
}

export type ParsedAnswer =
  | { kind: "whole"; object: GitObject | undefined; length: number }
  | { kind: "incomplete"; neededBytes: number };

/**
 * Reads what `git cat-file --batch` answers to a name, at the beginning of `bytes`.
 * @throws Error for an answer of another kind
 */
export function parseObject(bytes: Buffer, name: string): ParsedAnswer {
  for (const word of ["missing", "ambiguous"]) {
    // The name is echoed, and may itself hold a newline, so it cannot be read up to one.
    const nothing = Buffer.from(`${name} ${word}\n`);
    const start = bytes.subarray(0, nothing.length);
    if (start.equals(nothing)) return { kind: "whole", object: undefined, length: nothing.length };
    if (start.equals(nothing.subarray(0, start.length))) {
      return { kind: "incomplete", neededBytes: nothing.length };
    }
  }
  const lineEnd = bytes.indexOf(0x0a);
  if (lineEnd === -1) return { kind: "incomplete", neededBytes: bytes.length + 1 };
  const [oid = "", type = "", size = ""] = bytes.subarray(0, lineEnd).toString("utf8").split(" ");
  if (!isObjectType(type)) throw new Error(`git cat-file answered "${oid} ${type}" for ${name}`);
  const contentStart = lineEnd + 1;
  const contentEnd = contentStart + Number(size);
  // A newline follows the content.
  if (bytes.length <= contentEnd) return { kind: "incomplete", neededBytes: contentEnd + 1 };
  const content = bytes.subarray(contentStart, contentEnd);
  return { kind: "whole", object: { oid, type, content }, length: contentEnd + 1 };
}

function isObjectType(text: string): text is ObjectType {
  return text === "commit" || text === "tree" || text === "blob" || text === "tag";
}
