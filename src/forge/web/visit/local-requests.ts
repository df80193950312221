import type { ForgeRequest } from "../../forge-context.ts";

const localNames = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Says why a request may not reach the pages, or null. A name that an attacker's DNS points at this machine
 * (DNS rebinding) arrives with that name as its `Host`, so only the names of this machine are answered.
 * @param forgeUrl the address the forge was started on, which counts as its own even where it is not loopback
 */
export function refuseForeignHost(c: ForgeRequest, forgeUrl: string): string | null {
  const host = c.req.header("host") ?? "";
  if (host === new URL(forgeUrl).host || localNames.has(host.replace(/:\d+$/, ""))) return null;
  return `The forge answers on this machine only, and "${host}" is not one of its names.`;
}

/**
 * Says why a form may not be taken, or null. Another site may make a browser post to the forge; browsers then
 * send that site's origin. Requests without any of these headers come from programs, which have the API.
 */
export function refuseForeignForm(c: ForgeRequest): string | null {
  const origin = c.req.header("origin");
  const host = c.req.header("host") ?? "";
  if (origin !== undefined && origin !== `http://${host}`) {
    return "This form was sent by another site, so it was not carried out.";
  }
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") {
    return "This form was sent by another site, so it was not carried out.";
  }
  if (origin === undefined && site === undefined) {
    return "A form must say which site it comes from (Origin); programs use the API instead.";
  }
  return null;
}
