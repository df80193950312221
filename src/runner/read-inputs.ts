import { err, ok, type Result } from "../base/result.ts";
import { belongsToJob } from "./briefing/session-environment.ts";

const JOBS = ["agent", "deliver", "verify"] as const;
export type JobName = (typeof JOBS)[number];

export type Inputs = {
  readonly job: JobName;
  readonly server: URL;
  readonly attempt: string;
  /** The job's own token, for reading the repository. */
  readonly token: string;
  /** Names of environment variables that the agent, or the verify command, may have. */
  readonly passEnv: readonly string[];
};

/** The step's inputs as the workflow passes them on from its dispatch; the problem is one sentence. */
export function readInputs(input: (name: string) => string): Result<Inputs, string> {
  const job = JOBS.find((name) => name === input("job"));
  if (job === undefined) return err(`The input "job" must be one of ${JOBS.join(", ")}.`);
  const attempt = input("attempt");
  if (!/^\d+-\d+-\d+\.\d+$/.test(attempt)) return err('The input "attempt" is not the id of an attempt.');
  const server = readServer(input("server"));
  if (!server.ok) return server;
  const token = input("token");
  if (token === "")
    return err('The input "token" is empty: the job needs a token that can read the repository.');
  const passEnv = readNames(input("pass-env"));
  if (!passEnv.ok) return passEnv;
  return ok({ job, server: server.value, attempt, token, passEnv: passEnv.value });
}

function readNames(text: string): Result<readonly string[], string> {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  const odd = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (odd !== undefined)
    return err(`The input "pass-env" names ${JSON.stringify(odd)}, which is no variable.`);
  const own = names.find(belongsToJob);
  if (own !== undefined)
    return err(`The input "pass-env" names ${own}, which belongs to the job and stays there.`);
  return ok(names);
}

function readServer(text: string): Result<URL, string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    return err('The input "server" must be the https address of the Baton server.');
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return err('The input "server" must be a plain address, without credentials, query or fragment.');
  }
  // Tokens go there: only on the same machine is nobody in between.
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return err(`The server ${url.origin} must be reached by https: tokens are sent to it.`);
  }
  return ok(url);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
