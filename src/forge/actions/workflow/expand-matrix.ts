import { isDeepStrictEqual } from "node:util";

export type MatrixCell = Record<string, unknown>;

/** GitHub refuses a matrix that would make more jobs than this. */
export const maxMatrixCells = 256;

/**
 * The combinations of an evaluated `strategy.matrix`, in GitHub's order: the first key varies slowest.
 * `exclude` removes what it matches in part; an `include` entry is added to every combination of which it
 * overwrites no original value, or becomes a combination of its own.
 */
export function expandMatrix(matrix: Readonly<Record<string, unknown>>): MatrixCell[] {
  const { include, exclude, ...axes } = matrix;
  const combinations = product(axes).filter(
    (cell) => !entries(exclude).some((excluded) => agrees(cell, excluded)),
  );
  const cells = combinations.map((original) => ({ original, values: { ...original } }));
  for (const added of entries(include)) {
    const hosts = cells.filter(({ original }) => overlapAgrees(original, added) && isCombination(original));
    for (const host of hosts) Object.assign(host.values, added);
    if (hosts.length === 0) cells.push({ original: {}, values: { ...added } });
  }
  return cells.map(({ values }) => values);
}

function product(axes: Record<string, unknown>): MatrixCell[] {
  const names = Object.keys(axes);
  if (names.length === 0) return [];
  let cells: MatrixCell[] = [{}];
  for (const name of names) {
    const values: unknown[] = Array.isArray(axes[name]) ? axes[name] : [];
    cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value })));
  }
  return cells;
}

function entries(value: unknown): MatrixCell[] {
  return Array.isArray(value) ? value.filter((entry): entry is MatrixCell => isMapping(entry)) : [];
}

function isMapping(value: unknown): value is MatrixCell {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function agrees(cell: MatrixCell, excluded: MatrixCell): boolean {
  return Object.entries(excluded).every(([name, value]) => isDeepStrictEqual(cell[name], value));
}

function overlapAgrees(original: MatrixCell, added: MatrixCell): boolean {
  return Object.entries(added).every(
    ([name, value]) => !(name in original) || isDeepStrictEqual(original[name], value),
  );
}

/** What an earlier `include` entry made on its own is no host for later entries. */
function isCombination(original: MatrixCell): boolean {
  return Object.keys(original).length > 0;
}

/** The suffix of a job's name, such as ` (ubuntu, 20)`. Values that are no scalars are left out, as GitHub does. */
export function matrixSuffix(cell: MatrixCell): string {
  const scalars = Object.values(cell).flatMap((value) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [String(value)]
      : [],
  );
  return scalars.length === 0 ? "" : ` (${scalars.join(", ")})`;
}
