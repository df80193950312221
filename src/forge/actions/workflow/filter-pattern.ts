/**
 * Whether a name passes an ordered list of GitHub's filter patterns; the last one that matches decides, and
 * `!` negates. The grammar is in GitHub's "Filter pattern cheat sheet": `*` stops at a slash, `**` does not,
 * `?` and `+` repeat the character before them, `[]` lists characters and ranges, `\` escapes.
 */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith("!");
    if (patternExpression(negated ? pattern.slice(1) : pattern).test(name)) matched = !negated;
  }
  return matched;
}

const patternTokens = /\*\*\/|\*\*|\*|[?+]|\[[^\]]+\]|\\.|./gsu;

function patternExpression(pattern: string): RegExp {
  const source = pattern.replace(patternTokens, (token, offset: number) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?" || token === "+") return offset === 0 ? `\\${token}` : token;
    if (token.startsWith("[") && token.endsWith("]"))
      return `[${token.slice(1, -1).replaceAll(/[\\^]/g, "\\$&")}]`;
    return escapeLiteral(token.length > 1 && token.startsWith("\\") ? token.slice(1) : token);
  });
  return new RegExp(`^${source}$`);
}

function escapeLiteral(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
