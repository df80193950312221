/** A tag whose attributes are longer is left as it stands, as text. */
const MAX_ATTRIBUTES = 2_000;

/** Comments in all their forms, a comment without an end, instructions, declarations, and tags with attributes. */
const MARKUP = new RegExp(
  [
    "<!--(?:-?>|[^]*?(?:--!?>|$))",
    "<\\?[^]*?(?:\\?>|$)",
    "<!\\[CDATA\\[[^]*?(?:\\]\\]>|$)",
    "<![a-z][^>]*(?:>|$)",
    `<(/?[a-z][a-z0-9:-]{0,60})(?![a-z0-9:-])((?:[^>"']|"[^"]*"|'[^']*'){0,${MAX_ATTRIBUTES}}?)\\s*/?>`,
  ].join("|"),
  "giu",
);

const ADDRESS = /(?:^|\s)(href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/iu;

/**
 * HTML as its page would show it: comments are gone, and of a tag stay its name and where it leads. What stands between
 * the tags stays, for GitHub shows it whatever the attributes say of hiding it.
 */
export function cleanHtml(html: string): string {
  return html.replace(MARKUP, (_markup, name: string | undefined, attributes: string | undefined) => {
    if (name === undefined) return "";
    const [, key = "", ...values] = ADDRESS.exec(attributes ?? "") ?? [];
    const url = cleanUrl(values.find((value) => value !== undefined) ?? "");
    return url === "" ? `<${name}>` : `<${name} ${key.toLowerCase()}="${url}">`;
  });
}

const MAX_URL = 500;

/** Where a link leads, for as long as that is a place and not a text: data stays behind, spaces are written as such. */
export function cleanUrl(url: string): string {
  if (/^\s*(?:data|javascript|vbscript):/iu.test(url) || url.length > MAX_URL) return "";
  return url
    .trim()
    .replace(/[\s<>()\\"'`|]/gu, (character) => encodeURIComponent(character).replace(/^[^%]$/u, hexOf))
    .replace(/&(?=[#a-z])/giu, "%26");
}

function hexOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
