import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelAccess } from "../../../src/runner/harness/harness.ts";
import { DEFAULT_REPLY_USAGE, type Failure, type Reply, type Step, type Vocabulary } from "./script.ts";
import type { Answer, Asked, ModelRequest, SpokenReply, Wire } from "./wire.ts";

/** A model on loopback that says what its script says. */
export type ScriptedModel = {
  readonly access: ModelAccess;
  /** Every request so far, those for no reply too. */
  readonly requests: readonly ModelRequest[];
  /** Those for a reply of the script: with tools, and not one of the program's own about a title. */
  readonly turns: readonly ModelRequest[];
  /** From now on it says this, for an agent that works there. What is asked beyond it gets a short last word. */
  readonly play: (script: readonly Step[], workTree: string) => void;
  readonly close: () => Promise<void>;
};

const LAST_WORD: Reply = { say: "There is nothing more to do." };

/** Programs ask for a session's title, or for something else of their own, without any tool. */
const ASIDE: Reply = { say: "A small change", usage: { input: 10, output: 5 } };

export async function startModel(
  wire: Wire,
  options: {
    readonly vocabulary: Vocabulary;
    readonly model: string;
    readonly otherModels?: readonly string[];
    readonly key?: string;
  },
): Promise<ScriptedModel> {
  const key = options.key ?? "scripted-key";
  const requests: ModelRequest[] = [];
  const turns: ModelRequest[] = [];
  let script: Step[] = [];
  let place = "/";
  let number = 0;

  const server = createServer((incoming, response) => {
    void receive(incoming).then((request) => {
      requests.push(request);
      answer(request, response);
    });
  });

  function answer(request: ModelRequest, response: ServerResponse): void {
    const asked = wire.ask(request);
    if (asked === null) {
      send(response, wire.answerOther(request) ?? { status: 404, body: "{}" });
    } else if (asked.key !== key) {
      send(response, wire.fail("unauthorized", asked));
    } else if (asked.model !== options.model && options.otherModels?.includes(asked.model) !== true) {
      send(response, wire.fail("unknown-model", asked));
    } else if (asked.tools.length === 0) {
      reply(response, asked, ASIDE);
    } else {
      turns.push(request);
      const step = nextStep();
      if ("fail" in step) fail(response, asked, step.fail);
      else reply(response, asked, step);
    }
  }

  function nextStep(): Step {
    const [step, ...rest] = script;
    if (step === undefined) return LAST_WORD;
    if (!("fail" in step)) script = rest;
    else if (step.times !== undefined) {
      script = step.times > 1 ? [{ ...step, times: step.times - 1 }, ...rest] : rest;
    }
    return step;
  }

  function reply(response: ServerResponse, asked: Asked, wished: Reply): void {
    const parts = wire.speak(spoken(wished, asked), asked);
    response.writeHead(200, headersOf(asked));
    for (const part of parts) response.write(part);
    response.end();
  }

  function fail(response: ServerResponse, asked: Asked, failure: Failure): void {
    if (failure === "hang") return;
    if (failure !== "cut-off") {
      send(response, wire.fail(failure, asked));
      return;
    }
    const parts = wire.speak(spoken({ say: "This is only the beginning of what I" }, asked), asked);
    response.writeHead(200, headersOf(asked));
    response.write(parts.slice(0, Math.ceil(parts.length / 2)).join(""), () => response.destroy());
  }

  function spoken(wished: Reply, { tools }: Asked): SpokenReply {
    number += 1;
    const calls = (wished.use ?? []).map((wish, index) => ({
      id: `call_${number}_${index + 1}`,
      ...options.vocabulary(wish, { workTree: place, offered: tools }),
    }));
    return { ...wished, calls, usage: { ...DEFAULT_REPLY_USAGE, ...wished.usage }, number };
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    access: { protocol: wire.protocol, baseUrl: `http://127.0.0.1:${port}`, key, model: options.model },
    requests,
    turns,
    play: (steps, workTree) => {
      script = [...steps];
      place = workTree;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function headersOf({ isStreamed }: Asked): Record<string, string> {
  return { "content-type": isStreamed ? "text/event-stream" : "application/json" };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

async function receive(incoming: IncomingMessage): Promise<ModelRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const { method = "", url: path = "", headers } = incoming;
  return { atMs: performance.now(), method, path, headers, body: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
