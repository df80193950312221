import { describe, expect, test } from "vitest";
import type { ModelProtocol } from "../../../contract/harness/harness-pins.ts";
import { findSurcharge } from "../confine-request.ts";
import type { JsonObject } from "../json.ts";
import { WIRE_PROTOCOLS } from "./wire-protocols.ts";

const REMOTE = "A file that the vendor would fetch from an address";
const OWN = { type: "function", name: "shell" };

/** What agent programs send, with nothing in it for the vendor to do but to answer. */
const HARMLESS: readonly (readonly [ModelProtocol, JsonObject])[] = [
  [
    "anthropic",
    {
      tools: [{ name: "Bash" }, { type: "custom", name: "Read" }, { type: "bash_20250124", name: "bash" }],
      messages: [
        { role: "user", content: [{ type: "image", source: { type: "base64", data: "AAAA" } }] },
        // What an agent wrote is data, whatever it looks like.
        {
          role: "assistant",
          content: [{ type: "tool_use", input: { source: { type: "url", url: "https://x" } } }],
        },
      ],
    },
  ],
  ["anthropic", { messages: [{ role: "user", content: "See https://example.com" }], mcp_servers: [] }],
  [
    "responses",
    {
      tools: [OWN, { type: "custom", name: "apply_patch" }, { type: "namespace", name: "x", tools: [OWN] }],
      input: [
        { type: "message", content: [{ type: "input_image", image_url: "data:image/png;base64,AAAA" }] },
        { type: "additional_tools", tools: [OWN] },
      ],
      background: false,
    },
  ],
  [
    "chat-completions",
    {
      tools: [
        { type: "function", function: { name: "bash", parameters: { image_url: { type: "string" } } } },
      ],
      messages: [
        { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] },
      ],
    },
  ],
  [
    "gemini",
    {
      tools: [{ functionDeclarations: [{ name: "read_file" }] }],
      contents: [
        {
          parts: [
            { inlineData: { data: "AAAA" } },
            { functionCall: { args: { fileData: { fileUri: "x" } } } },
          ],
        },
      ],
    },
  ],
];

const REFUSED: readonly (readonly [ModelProtocol, JsonObject, string])[] = [
  [
    "anthropic",
    { mcp_servers: [{ url: "https://evil.example" }] },
    "The vendor's own connection to MCP servers",
  ],
  [
    "anthropic",
    { tools: [{ type: "web_search_20250305", name: "web_search" }] },
    "The vendor's own tool web_search_20250305",
  ],
  [
    "anthropic",
    {
      messages: [
        { content: [{ type: "image", source: { type: "url", url: "https://evil.example/?secret" } }] },
      ],
    },
    REMOTE,
  ],
  [
    "anthropic",
    {
      messages: [
        { content: [{ type: "tool_result", content: [{ type: "document", source: { type: "url" } }] }] },
      ],
    },
    REMOTE,
  ],
  ["responses", { background: true }, "An answer in the background, whose tokens nobody would count,"],
  [
    "responses",
    { tools: [{ type: "mcp", server_url: "https://evil.example" }] },
    "The vendor's own tool mcp",
  ],
  [
    "responses",
    { tools: [OWN], input: [{ type: "additional_tools", tools: [{ type: "web_search" }] }] },
    "The vendor's own tool web_search",
  ],
  [
    "responses",
    { input: [{ content: [{ type: "input_image", image_url: "https://evil.example" }] }] },
    REMOTE,
  ],
  ["responses", { input: [{ content: [{ type: "input_file", file_url: "https://evil.example" }] }] }, REMOTE],
  ["chat-completions", { web_search_options: {} }, "The vendor's own tool web_search_options"],
  ["chat-completions", { plugins: [{ id: "web" }] }, "The vendor's own tool plugins"],
  [
    "chat-completions",
    { messages: [{ content: [{ type: "image_url", image_url: { url: "https://evil.example" } }] }] },
    REMOTE,
  ],
  ["gemini", { tools: [{ googleSearch: {} }] }, "The vendor's own tool googleSearch"],
  ["gemini", { contents: [{ parts: [{ fileData: { fileUri: "https://evil.example" } }] }] }, REMOTE],
  [
    "gemini",
    { system_instruction: { parts: [{ file_data: { file_uri: "https://evil.example" } }] } },
    REMOTE,
  ],
];

describe("what a vendor would do beyond answering", () => {
  test.each(HARMLESS)("is nothing of what is asked of %s: %#", (protocol, request) => {
    const confined = WIRE_PROTOCOLS[protocol].confine(request);
    expect(confined).toEqual({ ok: true, value: { request, withheld: [] } });
  });

  test.each(REFUSED)("is not asked of %s: %#", (protocol, request, what) => {
    expect(WIRE_PROTOCOLS[protocol].confine(request)).toEqual({ ok: false, error: what });
  });

  test.each([
    ["anthropic", { name: "Bash" }, { type: "web_fetch_20250910", name: "web_fetch" }, "web_fetch_20250910"],
    ["responses", OWN, { type: "web_search", external_web_access: true }, "web_search"],
    ["responses", OWN, { type: "namespace", tools: [OWN, { type: "mcp" }] }, "mcp"],
    ["chat-completions", OWN, { type: "browser" }, "browser"],
    ["gemini", { functionDeclarations: [] }, { urlContext: {} }, "urlContext"],
  ] as const)("is taken out of the tools of %s where others are left: %#", (protocol, own, hosted, name) => {
    const confined = WIRE_PROTOCOLS[protocol].confine({ tools: [hosted, own], model: "m" });
    expect(confined).toEqual({
      ok: true,
      value: { request: { tools: [own], model: "m" }, withheld: [name] },
    });
  });
});

test.each([
  [{}, null],
  [{ service_tier: "auto", speed: "standard" }, null],
  [{ service_tier: "priority" }, "Another service tier"],
  [{ speed: "fast" }, "Another speed"],
  [{ inference_geo: "us" }, "A choice of region"],
])("what costs more than the table says is found: %#", (request, found) => {
  expect(findSurcharge(request)).toBe(found);
});
