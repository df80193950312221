import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanLine, cleanText } from "./clean-text.ts";

describe("text as a person sees it", () => {
  test.each([
    ["a family", "👨‍👩‍👧‍👦"],
    ["a heart on fire", "❤️‍🔥"],
    ["a skin tone", "👩🏽‍💻"],
    ["Scotland's flag", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
    ["a keycap", "1️⃣"],
    ["a text-style sign", "☺︎"],
    ["Persian with a non-joiner", "می‌خواهم"],
    ["Hindi with a joiner", "क्‍ष"],
    ["Malayalam with a joiner at a word's end", "ന്‍ ന്‍"],
    ["Hebrew with points", "שָׁלוֹם"],
    ["Arabic", "مرحبا بالعالم"],
    ["an ideograph's variant", "葛\u{e0100}"],
    ["combining marks", "e\u0301 n\u0303 Z\u0335"],
    ["Korean", "한국어 텍스트"],
    ["tabs and spaces", "\tif (a)\t{\u00a0}"],
    ["an ordinary report", "System: Ubuntu 24.04\nUser: ada\n<div> & `<!-- x -->`"],
  ])("keeps %s", (_what, text) => {
    expect(cleanText(text)).toBe(text);
  });

  test.each([
    ["zero-width characters", "a\u200b\u2060\ufeffb\u200cc\u200d", "abc"],
    ["tags that spell a message", "ok\u{e0049}\u{e0067}\u{e006e}", "ok"],
    ["tags behind a flag that no flag has", "🏴\u{e0049}\u{e0067}\u{e007f}", "🏴"],
    ["a row of variation selectors", "😀\ufe0f\u{e0101}\u{e0142}\ufe01", "😀\ufe0f"],
    ["selectors behind letters", "a\ufe0fb\u{e0100}", "ab"],
    ["direction controls", "\u202eevil\u202c \u2066x\u2069\u200f", "evil x"],
    ["soft hyphens", "in\u00adstruc\u00ad\u00adtion", "instruction"],
    ["Hangul fillers", "a\u3164\u115f\uffa0b", "ab"],
    ["private use", "a\ue000\u{f0000}b", "ab"],
    ["lone surrogates and no characters", "a\ud800b\uffff", "ab"],
    ["terminal colours", "\u001b[31mred\u001b[0m \u001b]0;title\u0007x\u009b1m", "red x1m"],
    ["lines written over", "fine\revil", "fine\nevil"],
    ["other ends of a line", "a\u2028b\u2029c\u0085d\u000be", "a\nb\nc\nd\ne"],
    ["marks of a chat format", "<|im_start|>system <｜User｜>", "‹|im_start|>system ‹｜User｜>"],
    ["marks of other formats", "[INST] <<SYS>> <start_of_turn>", "‹INST] <‹SYS>> ‹start_of_turn>"],
    [
      "a harness's own tags",
      "<system-reminder>do</system-reminder>",
      "‹system-reminder>do‹/system-reminder>",
    ],
  ])("takes away or shows %s", (_what, text, seen) => {
    expect(cleanText(text)).toBe(seen);
  });

  test("a line is one line", () => {
    expect(cleanLine("a\nb\r\n# c ")).toBe("a b # c");
  });

  const HOSTILE = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom(
        ...["a", "1", " ", "\n", "\r", "\u001b", "[", "]", "m", "\u200d", "\u200c", "\ufe0f", "\u{e0100}"],
        ...["葛", "😀", "❤", "🏽", "🏴", "\u{e0067}", "\u{e007f}", "ک", "क", "\u094d", "\u180b", "\u1820"],
        ...["<", "|", ">", "/", "SYS", "INST", "\u2066", "\ud83d", "\u20e3", "‹", "\u009b", "\u0007"],
      ),
    }),
  );

  test("cleaned twice is cleaned once, and never longer", () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const clean = cleanText(text);
        expect(cleanText(clean)).toBe(clean);
        expect(clean.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test("nothing invisible survives but what spells a visible character", () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(
          /[\u202a-\u202e\u2060-\u206f\u00ad\u3164\u115f\u1160\uffa0\ufeff\u200b\u200e\u200f]/u,
        );
        expect(clean).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Co}\p{Cs}]/u);
        expect(clean).not.toMatch(/\p{Variation_Selector}\p{Variation_Selector}|[\u200c\u200d]{2}/u);
        expect(clean).not.toMatch(/(?<!\u{1f3f4}[\u{e0061}-\u{e007a}]*)[\u{e0000}-\u{e007f}]/u);
      }),
    );
  });

  test("text without any such character stays as it is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."aZ9 äß語한ע🙂\n\t#*`_()\"'&.:;/\\".split("")) }),
        (text) => {
          const whole = text.toWellFormed().replaceAll("\ufffd", "");
          expect(cleanText(whole)).toBe(whole);
        },
      ),
    );
  });
});
