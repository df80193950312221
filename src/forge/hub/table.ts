import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

type Scalar = string | number | boolean | null;

/** Equality conditions on scalar properties of a document; all must hold. */
export type Where<T> = { [K in keyof T as T[K] extends Scalar ? K : never]?: T[K] };

export interface FindOptions<T> {
  newestFirst?: boolean;
  limit?: number;
  /** Only documents with a greater id. */
  after?: number;
  filter?: (document: T) => boolean;
}

export interface TableDefinition<T> {
  name: string;
  /** Property lists that are looked up together; a unique one also guards against duplicates. */
  indexes: readonly (keyof T & string)[][];
  unique?: readonly (keyof T & string)[][];
}

/** JSON documents of one kind in one SQLite table. Ids ascend in the order of insertion. */
export class Table<T extends { id: number }> {
  readonly #database: DatabaseSync;
  readonly #name: string;
  readonly #nextId: () => number;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, definition: TableDefinition<T>, nextId: () => number) {
    this.#database = database;
    this.#name = definition.name;
    this.#nextId = nextId;
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${this.#name} (id INTEGER PRIMARY KEY, document TEXT NOT NULL)`,
    );
    for (const columns of definition.indexes) this.#createIndex(columns, "");
    for (const columns of definition.unique ?? []) this.#createIndex(columns, "UNIQUE");
  }

  #createIndex(columns: readonly string[], kind: "" | "UNIQUE"): void {
    const name = `${this.#name}_by_${columns.join("_")}`;
    const expressions = columns.map(propertyExpression).join(", ");
    this.#database.exec(`CREATE ${kind} INDEX IF NOT EXISTS ${name} ON ${this.#name} (${expressions})`);
  }

  insert(document: Omit<T, "id">): T {
    const stored = { id: this.#nextId(), ...document } as T;
    this.#prepare(`INSERT INTO ${this.#name} (id, document) VALUES (?, ?)`).run(
      stored.id,
      JSON.stringify(stored),
    );
    return stored;
  }

  get(id: number): T | undefined {
    const row = this.#prepare(`SELECT document FROM ${this.#name} WHERE id = ?`).get(id);
    return row === undefined ? undefined : parse<T>(row);
  }

  /** For ids that other documents refer to, whose absence can only be a bug. */
  require(id: number): T {
    const document = this.get(id);
    if (document === undefined) throw new Error(`${this.#name} has no document ${id}`);
    return document;
  }

  update(id: number, changes: Partial<Omit<T, "id">>): T {
    const document = { ...this.require(id), ...changes };
    this.#prepare(`UPDATE ${this.#name} SET document = ? WHERE id = ?`).run(JSON.stringify(document), id);
    return document;
  }

  delete(id: number): void {
    this.#prepare(`DELETE FROM ${this.#name} WHERE id = ?`).run(id);
  }

  find(where: Where<T>, options: FindOptions<T> = {}): T[] {
    const { conditions, values } = whereClause(where, options.after);
    const order = options.newestFirst === true ? "DESC" : "ASC";
    const limit = options.filter === undefined && options.limit !== undefined ? `LIMIT ${options.limit}` : "";
    const sql = `SELECT document FROM ${this.#name} ${conditions} ORDER BY id ${order} ${limit}`;
    const found = this.#prepare(sql)
      .all(...values)
      .map((row) => parse<T>(row));
    if (options.filter === undefined) return found;
    return found.filter(options.filter).slice(0, options.limit);
  }

  findOne(where: Where<T>): T | undefined {
    return this.find(where, { limit: 1 })[0];
  }

  findLast(where: Where<T>): T | undefined {
    return this.find(where, { limit: 1, newestFirst: true })[0];
  }

  count(where: Where<T>): number {
    const { conditions, values } = whereClause(where, undefined);
    const row = this.#prepare(`SELECT count(*) AS total FROM ${this.#name} ${conditions}`).get(...values);
    return Number(row?.["total"] ?? 0);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** SQLite uses an expression index only where the query spells the same expression. */
function propertyExpression(property: string): string {
  return `json_extract(document, '$.${property}')`;
}

function whereClause(
  where: object,
  after: number | undefined,
): { conditions: string; values: SQLInputValue[] } {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  for (const [property, value] of Object.entries(where as Record<string, Scalar | undefined>)) {
    if (value === undefined) continue;
    if (value === null) {
      conditions.push(`${propertyExpression(property)} IS NULL`);
      continue;
    }
    conditions.push(`${propertyExpression(property)} = ?`);
    values.push(typeof value === "boolean" ? Number(value) : value);
  }
  if (after !== undefined) {
    conditions.push("id > ?");
    values.push(after);
  }
  return { conditions: conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`, values };
}

function parse<T>(row: Record<string, unknown>): T {
  return JSON.parse(String(row["document"])) as T;
}
