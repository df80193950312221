/** A repository on GitHub, GitHub Enterprise or something that speaks like it, as a git remote's address names it. */
export type GitHubRemote = {
  readonly owner: string;
  readonly name: string;
  /** Base address of the REST API. */
  readonly apiUrl: string;
  /** Whether git talks to it by HTTP, so that a token can be handed over with the request. */
  readonly http: boolean;
};

/** Reads `https://host/owner/name.git`, `git@host:owner/name.git` and `ssh://git@host/owner/name`; null for the rest. */
export function parseGitHubRemote(address: string): GitHubRemote | null {
  const scp = /^(?:[\w.-]+@)?(?<host>[\w.-]+):(?<path>[^/].*)$/.exec(address)?.groups;
  const url = scp === undefined && URL.canParse(address) ? new URL(address) : null;
  const path = (scp?.["path"] ?? url?.pathname ?? "").replace(/^\/|\/$|(?:\.git)?\/?$/g, "");
  const [owner, name, ...rest] = path.split("/");
  if (!isName(owner) || !isName(name) || rest.length > 0) return null;
  if (scp !== undefined) return { owner, name, apiUrl: apiOf("https:", scp["host"] ?? ""), http: false };
  if (url === null || !["http:", "https:", "ssh:"].includes(url.protocol)) return null;
  // An ssh port says nothing of where the API is.
  if (url.protocol === "ssh:") return { owner, name, apiUrl: apiOf("https:", url.hostname), http: false };
  return { owner, name, apiUrl: apiOf(url.protocol, url.host), http: true };
}

function isName(text: string | undefined): text is string {
  return text !== undefined && /^[\w.-]{1,100}$/.test(text) && text !== "." && text !== "..";
}

/** github.com and the hosts of ghe.com have a host of their own for the API; a server of one's own has a path. */
function apiOf(protocol: string, host: string): string {
  if (host === "github.com" || host.endsWith(".ghe.com")) return `https://api.${host}`;
  return `${protocol}//${host}/api/v3`;
}
