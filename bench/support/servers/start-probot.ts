import { type ApplicationFunction, Probot, Server } from "probot";
import { SECRET, type Start } from "./contract.ts";

/** An ordinary Probot app on Probot's own server, quiet as it would be in production at its best. */
export async function startProbot({ privateKey }: Start, app: ApplicationFunction): Promise<number> {
  const server = new Server({
    Probot: Probot.defaults({ appId: 1, privateKey, secret: SECRET, logLevel: "warn" }),
    log: (await new Probot({ appId: 1, privateKey, logLevel: "warn" }).ready()).log,
    host: "127.0.0.1",
    // Probot takes the number 0 for "not given".
    port: "0" as unknown as number,
  });
  await server.load(app);
  await server.start();
  return server.port;
}
