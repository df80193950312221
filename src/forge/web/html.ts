import { html as honoHtml, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** Markup that is safe to send: made by `html`, or a constant of this program. */
export type Html = HtmlEscapedString;

/** What may stand in a template. Strings are escaped; `null`, `undefined` and `false` print nothing. */
export type HtmlContent = Html | string | number | null | undefined | false | readonly HtmlContent[];

/**
 * Builds markup with every interpolated string escaped (`& < > " '`), so that it may stand in text and in
 * quoted attributes. Hono's own tag also accepts promises and arbitrary objects, whose `isEscaped` property
 * could come from foreign JSON; this one takes neither.
 */
export function html(strings: TemplateStringsArray, ...values: HtmlContent[]): Html {
  const markup = honoHtml(strings, ...values);
  if (markup instanceof Promise) throw new TypeError("A page template was given a promise.");
  return markup;
}

/** Marks a constant of this program as markup. Never call it with anything a user can write. */
export function trustedHtml(markup: string): Html {
  return raw(markup);
}
