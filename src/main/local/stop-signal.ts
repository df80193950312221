/**
 * Aborted by the first Ctrl+C, or when the terminal or the system asks for an end. A second one ends the process at
 * once, as it would any other.
 */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const stop = (): void => {
    for (const signal of signals) process.off(signal, stop);
    stopping.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  return stopping.signal;
}
