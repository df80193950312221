import { Query } from "pg";
import type { Connection, QueryResultRow } from "pg";
import { MessageWriter } from "./message-writer.ts";
import type { Parameter } from "./parameter.ts";
import type { Statement } from "./sql-client.ts";

/** Codes of messages, and of what one describes: https://www.postgresql.org/docs/15/protocol-message-formats.html */
const CODE = { bind: 0x42, describe: 0x44, execute: 0x45, portal: 0x50, sync: 0x53 } as const;

/** The length of a message counts itself. */
const LENGTH_BYTES = 4;

const FORMAT = { text: 0, binary: 1 } as const;

const NO_NAME = "";
const ALL_ROWS = 0;

/** What the driver keeps of a connection, by the names of prepared statements. */
type PreparingConnection = Connection & {
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
};

/** A statement, prepared where it has a name, that is run with these parameters. What comes back is the driver's matter. */
export class BoundQuery extends Query<QueryResultRow> {
  readonly #statement: Statement;
  readonly #run: readonly Uint8Array[];

  /** Throws where a parameter cannot be written. */
  constructor(
    statement: Statement,
    parameters: readonly Parameter[],
    settle: {
      readonly resolve: (rows: readonly QueryResultRow[]) => void;
      readonly reject: (error: Error) => void;
    },
  ) {
    super({ name: statement.name, text: statement.text }, (error, result) => {
      if (error) settle.reject(error);
      else settle.resolve(result.rows);
    });
    this.#statement = statement;
    this.#run = messagesToRun(statement.name, parameters);
  }

  /** Asked by the driver, which would send one without a name as text. */
  requiresPreparation(): boolean {
    return true;
  }

  /** Called by the driver when it is this query's turn. */
  prepare(connection: PreparingConnection): void {
    const { name, text } = this.#statement;
    const { parsedStatements, submittedNamedStatements, stream } = connection;
    const isThere = parsedStatements[name] !== undefined || submittedNamedStatements[name] !== undefined;
    if (name === NO_NAME || !isThere) {
      connection.parse({ name, text, types: [] }, true);
      if (name !== NO_NAME) submittedNamedStatements[name] = text;
    }
    for (const piece of this.#run) stream.write(piece);
  }
}

/** One for all, which is empty between any two messages. */
const writer = new MessageWriter();

function messagesToRun(statement: string, parameters: readonly Parameter[]): readonly Uint8Array[] {
  try {
    bind(statement, parameters);
    message(CODE.describe, () => writer.int8(CODE.portal).zeroEnded(NO_NAME));
    message(CODE.execute, () => writer.zeroEnded(NO_NAME).int32(ALL_ROWS));
    message(CODE.sync, () => undefined);
    return writer.take();
  } finally {
    writer.clear();
  }
}

function bind(statement: string, parameters: readonly Parameter[]): void {
  message(CODE.bind, () => {
    writer.zeroEnded(NO_NAME).zeroEnded(statement);
    writer.int16(parameters.length);
    for (const parameter of parameters) writer.int16(isBinary(parameter) ? FORMAT.binary : FORMAT.text);
    writer.int16(parameters.length);
    for (const parameter of parameters) write(parameter);
    writer.int16(1).int16(FORMAT.text);
  });
}

function message(code: number, write: () => void): void {
  writer.int8(code).value(write, LENGTH_BYTES);
}

function isBinary(parameter: Parameter): boolean {
  return typeof parameter === "object" && parameter !== null;
}

function write(parameter: Parameter): void {
  if (parameter === null) writer.nullValue();
  else if (parameter instanceof Uint8Array) writer.bytesValue(parameter);
  else if (typeof parameter === "object") writer.value(() => parameter.writeTo(writer));
  else writer.textValue(String(parameter));
}
