// A server of the Model Context Protocol with one tool, over its standard input and output.
import { createInterface } from "node:readline";

const TOOL = {
  name: "repeat",
  description: "Says it again",
  inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
};

const ANSWERS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "parrot", version: "1.0.0" },
  }),
  ping: () => ({}),
  "tools/list": () => ({ tools: [TOOL] }),
  "tools/call": ({ arguments: { text } }) => ({ content: [{ type: "text", text: `parrot: ${text}` }] }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const answer = ANSWERS[method];
  const body =
    answer === undefined
      ? { error: { code: -32601, message: "no such method" } }
      : { result: answer(params) };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...body })}\n`);
}
