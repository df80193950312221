/** Taken over from the job: where programs are, how text and time are written, whom TLS trusts. */
const ALLOWED: readonly string[] = [
  "PATH",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
  "SHELL",
  "USER",
  "LOGNAME",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
];

/** Whether every session is given this variable of its job. */
export function isForSessions(name: string): boolean {
  return ALLOWED.includes(name);
}

/** The job's own variables hold its tokens and its means to command the runner: no setting hands them on. */
export function belongsToJob(name: string): boolean {
  return /^(?:ACTIONS_|GITHUB_|INPUT_|RUNNER_|BATON_|GIT_)/i.test(name);
}

/**
 * The whole environment of a session: the allow-list, what the workflow's input `pass-env` names (a model's key, a
 * tool chain's directory), and its own home and temporary directory.
 */
export function sessionEnvironment(
  job: Readonly<Record<string, string | undefined>>,
  session: {
    readonly homeDir: string;
    readonly tempDir: string;
    readonly passEnv: readonly string[];
    readonly own: Readonly<Record<string, string>>;
  },
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of [...ALLOWED, ...session.passEnv]) {
    const value = job[name];
    if (value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
    CI: "true",
    HOME: session.homeDir,
    TMPDIR: session.tempDir,
    // A machine's settings may name filters and helpers that this checkout should not run.
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    ...session.own,
  };
}
