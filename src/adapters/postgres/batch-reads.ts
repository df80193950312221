import { BatchWriter } from "./batch-writer.ts";
import { blamesStatement } from "./sql-failure.ts";

/**
 * A read of one key, made of a read of many: what is asked for while the last read is under way is the next one, in one
 * statement. An answer is never older than its question.
 */
export function batchReads<Key, Value>(
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
  parallel: number,
): (key: Key) => Promise<Value> {
  const reads = new BatchWriter<Key, Value>({
    keyOf: () => null,
    weightOf: () => 1,
    write: read,
    blamesItems: blamesStatement,
    parallel,
  });
  return (key) => reads.submit(key);
}
