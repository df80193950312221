import {
  client,
  methods,
  RequestError,
  type ClientApp,
  type SessionNotification,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
} from "@agentclientprotocol/sdk";
import type { Result } from "../../../base/result.ts";
import type { ConfinedFiles, FileProblem } from "./confined-files.ts";
import type { ConfinedTerminals } from "./confined-terminals.ts";

/** What an agent may ask of its client, and what is done about it. */
export function acpClient(answers: {
  readonly onUpdate: (notification: SessionNotification) => void;
  readonly onPermission: (request: RequestPermissionRequest) => RequestPermissionResponse;
  readonly files: ConfinedFiles;
  readonly terminals: ConfinedTerminals;
}): ClientApp {
  const { files, terminals } = answers;
  return client({ name: "baton" })
    .onNotification(methods.client.session.update, ({ params }) => {
      answers.onUpdate(params);
    })
    .onRequest(methods.client.session.requestPermission, ({ params }) => answers.onPermission(params))
    .onRequest(methods.client.fs.readTextFile, async ({ params }) => ({
      content: acceptFile(await files.read(params.path, params)),
    }))
    .onRequest(methods.client.fs.writeTextFile, async ({ params }) => {
      acceptFile(await files.write(params.path, params.content));
      return {};
    })
    .onRequest(methods.client.terminal.create, ({ params }) => ({
      terminalId: accept(terminals.create(params)),
    }))
    .onRequest(methods.client.terminal.output, ({ params }) => {
      const { output, isCut, end } = accept(terminals.output(params.terminalId));
      return { output, truncated: isCut, exitStatus: end };
    })
    .onRequest(methods.client.terminal.waitForExit, async ({ params }) =>
      accept(await terminals.waitForExit(params.terminalId)),
    )
    .onRequest(methods.client.terminal.kill, ({ params }) => {
      accept(terminals.kill(params.terminalId));
      return {};
    })
    .onRequest(methods.client.terminal.release, ({ params }) => {
      accept(terminals.release(params.terminalId));
      return {};
    });
}

const INVALID_PARAMS = -32_602;
const RESOURCE_NOT_FOUND = -32_002;

/** What is not done is an error of the agent's request, with the sentence for it. */
function accept<Value>(result: Result<Value, string>): Value {
  if (result.ok) return result.value;
  throw new RequestError(INVALID_PARAMS, result.error);
}

/** Agents make a file that is not there, and have to know that it is not. */
function acceptFile<Value>(result: Result<Value, FileProblem>): Value {
  if (result.ok) return result.value;
  const { kind, message } = result.error;
  throw new RequestError(kind === "missing" ? RESOURCE_NOT_FOUND : INVALID_PARAMS, message);
}
