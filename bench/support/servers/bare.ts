/** The least that takes a webhook: Node's own server, the signature over the bytes, and the body parsed. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SECRET } from "./contract.ts";
import { serve } from "./serve.ts";

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const signature = Buffer.from(String(request.headers["x-hub-signature-256"]));
    const expected = Buffer.from(`sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`);
    const isRight = signature.length === expected.length && timingSafeEqual(signature, expected);
    const payload = JSON.parse(body.toString("utf8")) as { readonly action?: string };
    response.writeHead(isRight && payload.action ? 202 : 401).end();
  });
});

serve(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port };
});
