import { createHmac, randomUUID } from "node:crypto";
import { connect } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openIngress, SECRET } from "./ingress-server.ts";

const RIGHT_BODY = '{"action":"labeled"}';
const REFUSED = [400, 401, 404, 405, 408, 411, 413, 415, 417, 431, 501];

/** One request as bytes: right in everything but what was drawn. */
type Drawn = {
  readonly method: string;
  /** A header with another value, or left out. */
  readonly change: { readonly name: string; readonly value: string | null } | null;
  readonly body: Uint8Array;
  readonly isSigned: boolean;
  /** How the end of the body is told: truthfully, too early, too late, in broken chunks. */
  readonly framing: "length" | "short" | "long" | "chunks" | "broken chunks";
};

const NAMES = ["content-type", "x-github-event", "x-github-delivery", "x-hub-signature-256"] as const;
const header = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

const drawn: fc.Arbitrary<Drawn> = fc.record({
  method: fc.oneof(
    { weight: 5, arbitrary: fc.constant("POST") },
    fc.constantFrom("GET", "PUT", "P OST", "post"),
  ),
  change: fc.option(fc.record({ name: fc.constantFrom(...NAMES), value: fc.option(header) }), { freq: 3 }),
  body: fc.oneof(
    { weight: 3, arbitrary: fc.constant(Buffer.from(RIGHT_BODY)) },
    fc.uint8Array({ maxLength: 2_000 }),
    fc.json().map((text) => Buffer.from(text)),
  ),
  isSigned: fc.boolean(),
  framing: fc.constantFrom("length", "short", "long", "chunks", "broken chunks"),
});

test("whatever comes, it is refused, or is a signed delivery and stored as it came; and the next one is taken", async () => {
  const { inbox, port } = await openIngress({ timeoutMs: 100, maxBodyBytes: 1_500 });
  await fc.assert(
    fc.asyncProperty(drawn, async (request) => {
      const before = inbox.stored.length;
      const status = await exchange(port, bytesOf(request));
      if (status === 202) {
        expect(request).toMatchObject({ isSigned: true, method: "POST" });
        expect(Buffer.from(inbox.stored.at(-1)?.body ?? [])).toEqual(Buffer.from(request.body));
      } else {
        expect([null, ...REFUSED]).toContain(status);
      }
      expect(inbox.stored.length - before).toBe(status === 202 ? 1 : 0);
    }),
    { numRuns: 150 },
  );
  const right = { method: "POST", change: null, isSigned: true, framing: "length" } as const;
  expect(await exchange(port, bytesOf({ ...right, body: Buffer.from(RIGHT_BODY) }))).toBe(202);
});

function bytesOf({ method, change, body, isSigned, framing }: Drawn): Buffer {
  const secret = isSigned ? SECRET : "another";
  const headers = new Map([
    ["host", "127.0.0.1"],
    ["content-type", "application/json"],
    ["x-github-event", "issues"],
    ["x-github-delivery", randomUUID()],
    ["x-hub-signature-256", `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`],
  ]);
  if (change?.value === null) headers.delete(change.name);
  else if (change) headers.set(change.name, change.value);
  const [told, sent] = framed(body, framing);
  const lines = [...headers, told].map(([name, value]) => `${name}: ${value}`);
  const head = [`${method} /api/github/webhooks HTTP/1.1`, ...lines, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head, "latin1"), sent]);
}

function framed(body: Uint8Array, framing: Drawn["framing"]): [[string, string], Uint8Array] {
  const chunked: [string, string] = ["transfer-encoding", "chunked"];
  switch (framing) {
    case "length":
      return [["content-length", `${body.length}`], body];
    case "short":
      return [["content-length", `${Math.max(0, body.length - 1)}`], body];
    case "long":
      return [["content-length", `${body.length + 1}`], body];
    case "chunks":
      return [
        chunked,
        Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")]),
      ];
    case "broken chunks":
      return [
        chunked,
        Buffer.concat([
          Buffer.from(`${(body.length + 7).toString(16)}\r\n`),
          body,
          Buffer.from("\r\nzz\r\n"),
        ]),
      ];
  }
}

/** The first answer's status; null where the connection ended without one. */
function exchange(port: number, bytes: Buffer): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      received += chunk;
      const status = /^HTTP\/1\.1 (\d{3})[^]*\r\n\r\n/.exec(received)?.[1];
      if (status === undefined) return;
      resolve(Number(status));
      socket.destroy();
    });
    socket.on("error", () => undefined).on("close", () => resolve(null));
    socket.write(bytes);
  });
}
