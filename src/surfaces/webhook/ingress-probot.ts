import { Probot } from "probot";

/**
 * Probot without its own webhook route, which would answer only after the handlers and store nothing. Its server asks
 * that route first, under whatever path and with whatever secret it was given, so it is not enough to leave it unused.
 */
export class IngressProbot extends Probot {
  override async getNodeMiddleware(): Promise<() => Promise<boolean>> {
    return async () => false;
  }
}
