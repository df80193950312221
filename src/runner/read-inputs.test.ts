import { describe, expect, test } from "vitest";
import { readInputs } from "./read-inputs.ts";

function read(inputs: Record<string, string>): ReturnType<typeof readInputs> {
  const given: Record<string, string> = {
    job: "agent",
    attempt: "7-12-1.3",
    server: "https://baton.example",
    token: "t",
    ...inputs,
  };
  return readInputs((name) => given[name] ?? "");
}

describe("the action's inputs", () => {
  test("are taken as the workflow passes them on", () => {
    expect(read({})).toMatchObject({ ok: true, value: { job: "agent", attempt: "7-12-1.3", token: "t" } });
  });

  test("may name variables for the agent, however they are listed", () => {
    expect(read({ "pass-env": "KEY, JAVA_HOME\nOTHER" })).toMatchObject({
      value: { passEnv: ["KEY", "JAVA_HOME", "OTHER"] },
    });
    expect(read({})).toMatchObject({ value: { passEnv: [] } });
  });

  test("may name a server without TLS on the same machine", () => {
    expect(read({ server: "http://127.0.0.1:4000" }).ok).toBe(true);
    expect(read({ server: "http://localhost:4000/baton" }).ok).toBe(true);
  });

  test.each([
    [{ job: "push" }, 'The input "job" must be one of agent, deliver, verify.'],
    [{ attempt: "7; rm -rf /" }, 'The input "attempt" is not the id of an attempt.'],
    [{ server: "baton" }, 'The input "server" must be the https address of the Baton server.'],
    [{ server: "file:///etc" }, 'The input "server" must be the https address of the Baton server.'],
    [
      { server: "http://baton.example" },
      "The server http://baton.example must be reached by https: tokens are sent to it.",
    ],
    [
      { server: "https://u:p@baton.example" },
      'The input "server" must be a plain address, without credentials, query or fragment.',
    ],
    [
      { "pass-env": "KEY GITHUB_TOKEN" },
      'The input "pass-env" names GITHUB_TOKEN, which belongs to the job and stays there.',
    ],
    [{ "pass-env": "${{ x }}" }, 'The input "pass-env" names "${{", which is no variable.'],
    [{ token: "" }, 'The input "token" is empty: the job needs a token that can read the repository.'],
  ])("%o is refused with one sentence", (inputs, error) => {
    expect(read(inputs)).toEqual({ ok: false, error });
  });
});
