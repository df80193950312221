/*
 * What a person cannot see must not reach an agent: it reads every character, and people judge by what they see.
 */

/** Strings and sequences of ECMA-48 that a terminal obeys: colours, titles, cursor movements. */
const TERMINAL_CODES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?/gu;

/** All that some reader takes for the end of a line. */
const LINE_ENDS = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/gu;

/** Control characters, what is left of them included, but for the tab and the line's end. */
const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/gu;

/** Emoji by their parts, the hearts on fire and the families too, with the only flags that are made of tags. */
const PICTURE = "\\p{Extended_Pictographic}[\\ufe0e\\ufe0f]?\\p{Emoji_Modifier}?";
const EMOJI = [
  "\\u{1f3f4}\\u{e0067}\\u{e0062}(?:\\u{e0065}\\u{e006e}\\u{e0067}|\\u{e0073}\\u{e0063}\\u{e0074}|\\u{e0077}\\u{e006c}\\u{e0073})\\u{e007f}",
  `${PICTURE}(?:\\u200d${PICTURE})*`,
  "[0-9#*]\\ufe0f?\\u20e3",
];

/** Letters whose form a variation selector chooses: one after each, since a row of them is a message. */
const VARIANTS = [
  "\\p{Script=Han}[\\ufe00-\\ufe02\\u{e0100}-\\u{e010f}]",
  "[\\p{Sm}\\p{Script=Myanmar}]\\ufe00",
  "(?=\\p{Script=Mongolian})\\p{L}[\\u180b-\\u180f]",
];

/** Scripts that are spelt with joiners: between letters where they connect, after a sign where they form clusters. */
const CONNECTING = "\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}";
const CLUSTERING = ["Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada"]
  .concat(["Malayalam", "Sinhala", "Myanmar", "Tibetan"])
  .map((script) => `\\p{Script=${script}}`)
  .join("");
const JOINERS = [
  `(?<=(?=[${CONNECTING}])[\\p{L}\\p{M}])[\\u200c\\u200d](?=[${CONNECTING}])`,
  `(?<=(?=[${CLUSTERING}])[\\p{L}\\p{M}])[\\u200c\\u200d]`,
];

/** Format characters that have a shape of their own: signs that stand before or over Arabic and Syriac numbers. */
const VISIBLE_SIGNS = "[\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}]";

const KEPT = [...EMOJI, ...VARIANTS, ...JOINERS, VISIBLE_SIGNS].join("|");

/**
 * Invisible and without a meaning of their own: zero-width and direction controls, tags, variation selectors, fillers,
 * soft hyphens (Default_Ignorable_Code_Point), and what no two systems show alike (private use, no characters).
 */
const INVISIBLE = "[\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Co}\\p{Cs}\\p{Noncharacter_Code_Point}]";

const KEPT_OR_INVISIBLE = new RegExp(`(${KEPT})|${INVISIBLE}`, "gu");

/**
 * What chat formats and harnesses separate turns with. A model's program may take it for its own even inside of a
 * quotation, so that its bracket is exchanged for one that looks alike: people still read what was written.
 */
const TURN_MARKS = new RegExp(
  [
    "<(?=[|｜][^<>|｜\\n]{1,60}[|｜]>)",
    "<(?=\\/?SYS>>)",
    "\\[(?=\\/?INST\\])",
    "<(?=\\/?(?:(?:start|end)_of_turn|system[-_]reminder|function_(?:calls|results)|antml:[a-z_]{1,40})[\\s/>])",
  ].join("|"),
  "giu",
);

/**
 * The text as a person sees it: nothing invisible, nothing that a terminal obeys, no mark of a turn. Line ends are
 * `\n`. Emoji, combining marks and every script keep what they are spelt with. Never longer than the text, and the
 * same again for what was cleaned before.
 */
export function cleanText(text: string): string {
  return text
    .replace(LINE_ENDS, "\n")
    .replace(TERMINAL_CODES, "")
    .replace(CONTROLS, "")
    .replace(KEPT_OR_INVISIBLE, "$1")
    .replace(TURN_MARKS, "‹");
}

/** The same on one line, as a title or a path is shown. */
export function cleanLine(text: string): string {
  return cleanText(text).replaceAll("\n", " ").trim();
}
