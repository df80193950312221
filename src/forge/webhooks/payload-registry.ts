import type { Installation } from "../hub/entity/account.ts";
import type { HubEvent, HubEventName, HubEventOf } from "../hub/hub-event.ts";
import type { Hub } from "../hub/hub.ts";
import { nodeId } from "../hub/node-id.ts";
import { presentAccountById, presentOrganization } from "../rest/present/present-account.ts";
import { presentRepository } from "../rest/present/present-repository.ts";

export type Payload = Record<string, unknown>;

/** The part of a payload that is particular to the event: no `repository`, `sender`, `installation`. */
export type PayloadBuilder<N extends HubEventName> = (event: HubEventOf<N>) => Payload;

/** How each event looks on the wire. Webhooks and workflow runs (`github.event`) share it. */
export class PayloadRegistry {
  readonly #hub: Hub;
  readonly #builders = new Map<HubEventName, (event: never) => Payload>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  register<N extends HubEventName>(name: N, build: PayloadBuilder<N>): void {
    if (this.#builders.has(name)) throw new Error(`The payload of ${name} is registered twice`);
    this.#builders.set(name, build);
  }

  /**
   * The whole payload of an event, from the state as it is now.
   * @param installation the recipient's, for webhooks; workflow runs have none
   */
  compose(event: HubEvent, installation?: Installation): Payload {
    const build = this.#builders.get(event.name);
    if (build === undefined) throw new Error(`Nothing says how the payload of ${event.name} looks`);
    return {
      ...(event.action !== null && { action: event.action }),
      ...(event.repositoryId !== null && this.#repositoryParts(event.repositoryId)),
      sender: presentAccountById(this.#hub, event.actor.accountId),
      ...(installation !== undefined && {
        installation: { id: installation.id, node_id: nodeId("Installation", installation.id) },
      }),
      // The key says which event the builder takes; a map's type cannot.
      ...build(event as never),
    };
  }

  #repositoryParts(repositoryId: number): Payload {
    const repository = this.#hub.store.repositories.require(repositoryId);
    const owner = this.#hub.store.accounts.require(repository.ownerId);
    return {
      repository: presentRepository(this.#hub, repository),
      ...(owner.type === "Organization" && { organization: presentOrganization(this.#hub, owner) }),
    };
  }
}
