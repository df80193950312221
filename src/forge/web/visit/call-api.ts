import type { ForgeContext } from "../../forge-context.ts";
import type { Account } from "../../hub/entity/account.ts";
import { createPersonalToken } from "../../hub/setup/create-token.ts";
import { describeRefusal } from "./describe-refusal.ts";

export interface ApiRequest {
  method: "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below `/api/v3`, every part already encoded. */
  path: string;
  body?: unknown;
}

export type ApiAnswer = { ok: true; body: unknown } | { ok: false; status: number; sentence: string };

const tokenName = "web pages";

/**
 * Sends the forms' requests through the forge's own API in the name of whoever acts, so that a page can do what
 * the API allows that person and nothing else, by the same code. Nothing leaves the process.
 */
export class ApiCaller {
  readonly #forge: ForgeContext;
  readonly #secrets = new Map<number, string>();

  constructor(forge: ForgeContext) {
    this.#forge = forge;
    this.#deleteTokens();
    forge.onClose(() => this.#deleteTokens());
  }

  async call(account: Account, { method, path, body }: ApiRequest): Promise<ApiAnswer> {
    const response = await this.#forge.http.request(`${this.#forge.hub.url}/api/v3${path}`, {
      method,
      headers: this.#headers(account),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = parseJson(await response.text());
    if (response.ok) return { ok: true, body: answer };
    return {
      ok: false,
      status: response.status,
      sentence: describeRefusal(response.status, answer, account.login),
    };
  }

  async mutate(account: Account, query: string, variables: Record<string, unknown>): Promise<ApiAnswer> {
    const response = await this.#forge.http.request(`${this.#forge.hub.url}/api/graphql`, {
      method: "POST",
      headers: this.#headers(account),
      body: JSON.stringify({ query, variables }),
    });
    const answer = parseJson(await response.text()) as { errors?: { message: string }[] } | null;
    const [error] = answer?.errors ?? [];
    if (response.ok && !error) return { ok: true, body: answer };
    const refusal = error ?? answer;
    return {
      ok: false,
      status: response.status,
      sentence: describeRefusal(response.status, refusal, account.login),
    };
  }

  #headers(account: Account): Record<string, string> {
    return { authorization: `Bearer ${this.#secretOf(account)}`, "content-type": "application/json" };
  }

  #secretOf(account: Account): string {
    const known = this.#secrets.get(account.id);
    if (known !== undefined) return known;
    const { token: secret } = createPersonalToken(this.#forge.hub, { user: account, name: tokenName });
    this.#secrets.set(account.id, secret);
    return secret;
  }

  /** The secrets are known to this process only, so tokens of an earlier one, ended by force, are of no use. */
  #deleteTokens(): void {
    const { tokens } = this.#forge.hub.store;
    for (const token of tokens.find({ kind: "personal", name: tokenName })) tokens.delete(token.id);
    this.#secrets.clear();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
