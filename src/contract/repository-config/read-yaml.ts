import type { Alias, Document, YAMLError } from "yaml";
import { LineCounter, parseDocument, visit } from "yaml";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { keyAtOffset, positionOfOffset } from "./yaml-positions.ts";

/** A larger file is refused unread. */
const MAX_CONFIG_BYTES = 64 * 1024;

/** An alias repeats what it names; more of them than this are no convenience any more. */
const MAX_ALIASES = 20;

export type YamlFile = {
  readonly value: unknown;
  readonly document: Document;
  readonly lines: LineCounter;
};

/** Reads YAML 1.2 into plain values, keeping where each stood. Fails with every problem of the syntax. */
export function readYaml(text: string): Result<YamlFile, readonly ConfigProblem[]> {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_CONFIG_BYTES) {
    const message = `The file has ${bytes} bytes, more than the ${MAX_CONFIG_BYTES} that are read.`;
    return err([
      { line: 1, column: 1, key: "", message, remedy: "Shorten it; globs can often replace long lists." },
    ]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: "1.2",
    prettyErrors: false,
    logLevel: "error",
  });
  const faults = [
    ...[...document.errors, ...document.warnings].map(faultOfError),
    ...faultsOfNodes(document),
  ];
  if (faults.length > 0) {
    return err(
      faults.map(({ offset, message, remedy }) => ({
        ...positionOfOffset(lines, offset),
        key: keyAtOffset(document, offset),
        message,
        remedy,
      })),
    );
  }
  const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES * MAX_ALIASES });
  return ok({ value, document, lines });
}

type Fault = { readonly offset: number; readonly message: string; readonly remedy: string };

function faultOfError(error: YAMLError): Fault {
  const offset = error.pos[0];
  if (error.code === "MULTIPLE_DOCS") {
    return {
      offset,
      message: "A second document begins here.",
      remedy: 'Remove this "---" and all after it.',
    };
  }
  if (error.code === "DUPLICATE_KEY") {
    return { offset, message: "This key stands here for the second time.", remedy: "Keep one of the two." };
  }
  const message = `This cannot be read as YAML: ${error.message.replace(/\.$/, "")}.`;
  const remedy = REMEDIES[error.code] ?? "Compare the line with the example that baton init writes.";
  return { offset, message, remedy };
}

const REMEDIES: { readonly [C in YAMLError["code"]]?: string } = {
  TAB_AS_INDENT: "Indent with spaces instead of tabs.",
  BAD_INDENT: "Give all keys of one block the same indentation, in spaces.",
  BAD_SCALAR_START: "Put the value in quotes.",
  TAG_RESOLVE_FAILED: 'Remove the tag (the word that starts with "!").',
};

/** What the parser lets pass and a policy may not hold: aliases without bounds or end, and half characters. */
function faultsOfNodes(document: Document): Fault[] {
  const faults: Fault[] = [];
  let aliases = 0;
  visit(document, {
    Alias(_key, alias) {
      aliases += 1;
      const fault = faultOfAlias(alias, document, aliases);
      if (fault !== null)
        faults.push({ offset: alias.range?.[0] ?? 0, message: fault, remedy: "Write the value itself." });
    },
    Scalar(_key, { value, range }) {
      if (typeof value !== "string" || value.isWellFormed()) return;
      const remedy = "Remove the \\u escape or write both halves.";
      faults.push({ offset: range?.[0] ?? 0, message: "This text holds half a character.", remedy });
    },
  });
  return faults;
}

function faultOfAlias(alias: Alias, document: Document, ordinal: number): string | null {
  const named = alias.resolve(document);
  if (!named?.range) return `Nothing before this is called &${alias.source}.`;
  if (named.range[1] > (alias.range?.[0] ?? 0)) return `*${alias.source} would contain itself.`;
  return ordinal === MAX_ALIASES + 1 ? `There are more than ${MAX_ALIASES} aliases.` : null;
}
