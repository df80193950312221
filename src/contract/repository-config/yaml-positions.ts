import type { Document, LineCounter, Node, Pair, YAMLMap, YAMLSeq } from "yaml";
import { isAlias, isMap, isNode, isPair, isScalar, isSeq } from "yaml";
import { keyOf } from "./config-problem.ts";

export type Position = { readonly line: number; readonly column: number };

/** What stands at a path of a YAML document, followed through aliases as far as it goes. */
type Place = { readonly key: Node | null; readonly value: Node | null; readonly complete: boolean };

/** Where the value at `path` begins; where it is missing, the nearest thing above it that is there. */
export function positionOfValue(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): Position {
  const place = placeOf(document, path);
  return positionAt(lines, place.complete ? (place.value ?? place.key) : (place.key ?? place.value));
}

/** Where the key at the end of `path` stands. */
export function positionOfKey(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): Position {
  const place = placeOf(document, path);
  return positionAt(lines, place.key ?? place.value);
}

/** The path of the last key that begins at or before an offset, as deep as the offset lies inside; "" before all. */
export function keyAtOffset(document: Document, offset: number): string {
  const path: PropertyKey[] = [];
  let node = document.contents;
  while (node && (isMap(node) || isSeq(node))) {
    const entry = lastEntryBefore(node, offset);
    if (!entry) break;
    path.push(entry.part);
    const end = entry.value?.range?.[2] ?? 0;
    node = offset < end ? entry.value : null;
  }
  return keyOf(path);
}

type Entry = { readonly part: PropertyKey; readonly start: number; readonly value: Node | null };

function lastEntryBefore(holder: YAMLMap | YAMLSeq, offset: number): Entry | null {
  const entries = isMap(holder)
    ? holder.items.map((pair) => toEntry(nameOfKey(pair), nodeOrNull(pair.key), nodeOrNull(pair.value)))
    : holder.items.map((item, index) => toEntry(index, nodeOrNull(item), nodeOrNull(item)));
  return entries.findLast(({ start }) => start <= offset) ?? null;
}

function toEntry(part: PropertyKey, key: Node | null, value: Node | null): Entry {
  return { part, start: key?.range?.[0] ?? Infinity, value };
}

export function positionOfOffset(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function positionAt(lines: LineCounter, node: Node | null): Position {
  return positionOfOffset(lines, node?.range?.[0] ?? 0);
}

function placeOf(document: Document, path: readonly PropertyKey[]): Place {
  let place: Place = { key: null, value: document.contents, complete: true };
  for (const part of path) {
    const holder = isAlias(place.value) ? (place.value.resolve(document) ?? null) : place.value;
    const next = childOf(holder, part);
    if (!next) return { ...place, complete: false };
    place = { ...next, complete: true };
  }
  return place;
}

function childOf(holder: Node | null, part: PropertyKey): Omit<Place, "complete"> | null {
  if (isMap(holder)) {
    const pair = holder.items.find((item) => isPair(item) && nameOfKey(item) === String(part));
    return pair ? { key: nodeOrNull(pair.key), value: nodeOrNull(pair.value) } : null;
  }
  if (!isSeq(holder)) return null;
  const item = nodeOrNull(holder.items[Number(part)]);
  return item && { key: item, value: item };
}

function nameOfKey(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function nodeOrNull(value: unknown): Node | null {
  return isNode(value) ? value : null;
}
