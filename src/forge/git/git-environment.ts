/**
 * The environment in which the forge runs git.
 *
 * A forge must answer the same on every machine, so nothing that the user or the system has configured
 * may take part: no configuration files, attributes, credential helpers, templates, replacement refs or
 * `GIT_*` variables that a surrounding git process (a hook, a rebase) has left in the environment.
 */
export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    ...(process.env["TMPDIR"] === undefined ? {} : { TMPDIR: process.env["TMPDIR"] }),
    // Git falls back to files under HOME (.gitconfig, .config/git) unless it points to nothing.
    HOME: "/nonexistent",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_TERMINAL_PROMPT: "0",
    // The files may belong to another user than this process (a mounted volume, a container).
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
    ...extra,
  };
}

/**
 * The environment for cloning from an address that the user names. There the user's own configuration
 * is wanted, for it holds their credential helpers, proxies and SSH keys; only variables that would
 * redirect git to another repository are dropped, and git may not stop to ask for a password.
 */
export function userGitEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("GIT_") || name.startsWith("GIT_SSH") || name === "GIT_ASKPASS",
  );
  return { ...Object.fromEntries(inherited), LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" };
}
