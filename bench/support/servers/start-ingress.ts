import { Server } from "probot";
import { rateAwareOctokit } from "../../../src/adapters/github/client/rate-aware-octokit.ts";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import type { Delivery, Store } from "../../../src/ports/task-store.ts";
import { createIngress } from "../../../src/surfaces/webhook/create-ingress.ts";
import { IngressProbot } from "../../../src/surfaces/webhook/ingress-probot.ts";
import { SECRET, type Start } from "./contract.ts";

/** Baton's way in, on Probot's server as `startBaton` puts it there. */
export async function startIngress(
  { privateKey }: Start,
  { inbox }: Pick<Store, "inbox">,
  onStored: (delivery: Delivery) => void,
): Promise<{ readonly port: number }> {
  const options = optionsOf(privateKey);
  const { log } = await openProbot(privateKey);
  const server = new Server({
    Probot: IngressProbot.defaults(options),
    log,
    host: "127.0.0.1",
    // Probot takes the number 0 for "not given".
    port: "0" as unknown as number,
  });
  await server.load((_probot, { addHandler }) => {
    addHandler(createIngress({ inbox, secrets: [SECRET], clock: systemClock, log, onStored }));
  });
  await server.start();
  return { port: server.port };
}

/** Probot as `connectApp` makes it. */
export function openProbot(privateKey: string): Promise<IngressProbot> {
  return new IngressProbot(optionsOf(privateKey)).ready();
}

function optionsOf(privateKey: string) {
  const Octokit = rateAwareOctokit({ clock: systemClock });
  return { appId: 1, privateKey, secret: SECRET, logLevel: "warn", Octokit } as const;
}
