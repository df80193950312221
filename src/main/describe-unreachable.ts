import type { Settings } from "./read-settings.ts";

/** Names and addresses that mean this machine, or all of its interfaces: nobody elsewhere can use them. */
const LOCAL_HOST = /^(?:localhost|0\.0\.0\.0|127(?:\.\d+){3}|\[?::1?\]?)$/;

/**
 * Why runners will not find the server, one sentence with the remedy; null where they may. Runners of a forge on this
 * machine reach it wherever it listens.
 */
export function describeUnreachable(
  { publicUrl, host, githubApiUrl }: Pick<Settings, "publicUrl" | "host" | "githubApiUrl">,
  url: string,
): string | null {
  if (publicUrl !== null || !LOCAL_HOST.test(host)) return null;
  if (LOCAL_HOST.test(new URL(githubApiUrl).hostname)) return null;
  return `Runners cannot reach this server at ${url}: set BATON_URL to the address at which they can.`;
}
