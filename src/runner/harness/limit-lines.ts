/** Hands lines on until they have this many characters together, and says once when they do. */
export function limitLines<Rest extends readonly unknown[]>(
  maxCharacters: number,
  then: {
    readonly onLine: (line: string, ...rest: Rest) => void;
    readonly onFull: () => void;
  },
): (line: string, ...rest: Rest) => void {
  let characters = 0;
  let isFull = false;
  return (line, ...rest) => {
    if (isFull) return;
    characters += line.length + 1;
    isFull = characters > maxCharacters;
    if (isFull) then.onFull();
    else then.onLine(line, ...rest);
  };
}
