import { format } from "prettier";

/** A documentation page with one generated region replaced, formatted as the repository formats its Markdown. */
export async function withRegion(page: string, region: string, generated: string): Promise<string> {
  const [begin, end] = [`<!-- begin: ${region} -->`, `<!-- end: ${region} -->`];
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The page has no region ${region}.`);
  const text = `${before}${begin}\n\n${generated}\n\n${end}${after}`;
  return format(text, { parser: "markdown", printWidth: 110 });
}
