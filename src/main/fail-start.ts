/**
 * Ends the process because it could not start, with code 1 and one sentence for who started it: a locked data directory,
 * a database that cannot be reached. The stack, which only helps to mend Baton itself, is told with `LOG_LEVEL=debug`.
 */
export function failStart(error: unknown): never {
  const isDebugging = ["debug", "trace"].includes(process.env["LOG_LEVEL"] ?? "");
  console.error(error instanceof Error && !isDebugging ? `Baton could not start. ${error.message}` : error);
  process.exit(1);
}
