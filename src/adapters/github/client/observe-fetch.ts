import type { Clock } from "../../../ports/clock.ts";
import type { SentRequest } from "./request-counter.ts";
import { routeKind } from "./route-kind.ts";

/** What is under an observed `fetch`: Octokit makes clients out of the options of others, observed ones included. */
const underlying = new WeakMap<typeof fetch, typeof fetch>();

/** `fetch` that tells of every request: those that Octokit sends by itself for tokens too. */
export function observeFetch(
  given: typeof fetch | undefined,
  { clock, observe }: { readonly clock: Clock; readonly observe: (request: SentRequest) => void },
  installationId: number | null,
): typeof fetch {
  const send = given === undefined ? fetch : (underlying.get(given) ?? given);

  async function observed(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const startedMs = clock.now().getTime();
    const url = input instanceof Request ? input.url : String(input);
    const kind = routeKind(init?.method ?? "GET", url);
    let status: number | null = null;
    try {
      const response = await send(input, init);
      status = response.status;
      return response;
    } finally {
      observe({ kind, status, durationMs: clock.now().getTime() - startedMs, installationId });
    }
  }

  underlying.set(observed, send);
  return observed;
}
