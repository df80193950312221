/** Micro-dollars as a person writes dollars: with two places, or as many as it takes. */
export function describeDollars(microUsd: number): string {
  const places = (microUsd / 1_000_000).toFixed(6).replace(/0{1,4}$/, "");
  return `$${places}`;
}
