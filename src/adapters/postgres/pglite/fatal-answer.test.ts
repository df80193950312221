import { expect, test } from "vitest";
import { isFatalAnswer } from "./fatal-answer.ts";

function message(type: string, body: string): Buffer {
  const buffer = Buffer.alloc(5 + body.length);
  buffer.write(type, 0, "latin1");
  buffer.writeInt32BE(4 + body.length, 1);
  buffer.write(body, 5, "latin1");
  return buffer;
}

const error = (severity: string) => message("E", `S${severity}\0V${severity}\0C53100\0MNo space left\0\0`);
const ready = message("Z", "I");

test("a panic or a fatal error is the last that is heard", () => {
  expect(isFatalAnswer(Buffer.concat([message("1", ""), error("PANIC")]))).toBe(true);
  expect(isFatalAnswer(error("FATAL"))).toBe(true);
});

test("a refused statement is not, nor a row that looks like one", () => {
  expect(isFatalAnswer(Buffer.concat([error("ERROR"), ready]))).toBe(false);
  expect(isFatalAnswer(Buffer.concat([message("D", "EVPANIC\0"), ready]))).toBe(false);
  expect(isFatalAnswer(new Uint8Array())).toBe(false);
});
