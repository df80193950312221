/** Makes a forgotten case a compile error, and a value from outside the type a loud bug. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
