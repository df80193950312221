/**
 * Milliseconds of processor time that this process has taken so far. Unlike the clock's, a difference of two does not
 * grow when other tests keep the machine busy, so a limit on it says something about the code.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
