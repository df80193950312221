/** How Probot asks for a client for one event. */
type ForEvent = {
  readonly type: "event-octokit";
  readonly event: {
    readonly name: string;
    readonly payload: { readonly installation?: { readonly id: number } };
  };
};

/** Some kilobytes each. */
const MAX_CLIENTS = 500;

/**
 * Authentication that answers with the same client for every event of an installation: making one takes longer than all
 * else that Probot does with an event. An event about the installation itself gets its own, which may be one that is
 * refused everything.
 */
export function keepClients<Auth extends (options?: unknown) => Promise<unknown>>(auth: Auth): Auth {
  const clients = new Map<number, Promise<unknown>>();

  function authenticate(options?: unknown): Promise<unknown> {
    const installation = installationOf(options);
    if (installation === null) return auth(options);
    const known = clients.get(installation);
    if (known) return known;
    const client = auth(options);
    if (clients.size >= MAX_CLIENTS) clients.clear();
    clients.set(installation, client);
    client.catch(() => clients.delete(installation));
    return client;
  }

  const withHook: unknown = Object.assign(authenticate, auth);
  return withHook as Auth;
}

function installationOf(options: unknown): number | null {
  const { type, event } = (options ?? {}) as Partial<ForEvent>;
  if (type !== "event-octokit" || !event || event.name === "installation") return null;
  return event.payload.installation?.id ?? null;
}
