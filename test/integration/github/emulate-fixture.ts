import { Octokit } from "@octokit/rest";
import { createEmulator } from "emulate";
import { Probot } from "probot";
import { expect, onTestFinished } from "vitest";
import type { TenantId } from "../../../src/base/ids.ts";
import { identifyApp } from "../../../src/adapters/github/app-identity.ts";
import { rateAwareOctokit } from "../../../src/adapters/github/client/rate-aware-octokit.ts";
import { createGitHubOf } from "../../../src/adapters/github/github-of.ts";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import { checkRestRequest, type SchemaProblem } from "../../support/github-schema/check-rest.ts";
import { MANIFEST, type GitHubFixture } from "./github-fixture.ts";
import { silentLog } from "./silent-log.ts";

/** What a scenario needs of a GitHub, whichever it is. */
export type AnyGitHub = Pick<GitHubFixture, "app" | "github" | "octokit" | "repository"> & {
  /** A client of the repository's owner. */
  readonly person: Octokit;
};

const APP_ID = 4711;
const INSTALLATION_ID = 42;

/**
 * GitHub as `emulate` has it, which knows nothing of Baton or the forge. Every request that Baton sends to it must be
 * one that GitHub describes.
 */
export async function openEmulate(webhook?: {
  readonly url: string;
  readonly secret: string;
}): Promise<AnyGitHub> {
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens: { "ada-token": { login: "ada", scopes: ["repo", "user"] } },
      github: {
        // It makes the account of an App with the first thing that the App writes; GitHub has it from the start.
        users: [{ login: "ada", name: "Ada L." }, { login: "baton[bot]" }],
        repos: [{ owner: "ada", name: "engine", auto_init: true }],
        apps: [
          {
            app_id: APP_ID,
            slug: "baton",
            name: "Baton",
            permissions: MANIFEST.default_permissions,
            events: MANIFEST.default_events,
            ...(webhook && { webhook_url: webhook.url, webhook_secret: webhook.secret }),
            installations: [
              { installation_id: INSTALLATION_ID, account: "ada", repository_selection: "all" },
            ],
          },
        ],
      },
    },
  });
  const problems: SchemaProblem[] = [];
  onTestFinished(async () => {
    await emulator.close();
    expect(problems).toEqual([]);
  });
  const privateKey = emulator.generatedSecrets[0]?.value ?? "";
  const probot = new Probot({
    appId: APP_ID,
    privateKey,
    baseUrl: emulator.url,
    Octokit: rateAwareOctokit({ clock: systemClock, writeIntervalMs: 0 }),
    request: { fetch: checkingFetch(problems) },
    log: silentLog,
  });
  const app = await identifyApp(await probot.auth());
  const person = new Octokit({ auth: "ada-token", baseUrl: emulator.url, log: silentLog });
  const { data } = await person.rest.repos.get({ owner: "ada", repo: "engine" });
  return {
    app,
    person,
    octokit: await probot.auth(INSTALLATION_ID),
    github: await createGitHubOf(probot, { app, clock: systemClock })(INSTALLATION_ID as TenantId),
    repository: { id: data.id, owner: "ada", name: "engine", defaultBranch: data.default_branch },
  };
}

/** `fetch` that writes down what GitHub's description has against a request. */
function checkingFetch(problems: SchemaProblem[]): typeof fetch {
  return (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : String(input));
    const body = init?.body;
    const requestBody: unknown = typeof body === "string" ? JSON.parse(body) : undefined;
    problems.push(
      ...checkRestRequest({ method: init?.method ?? "GET", path: pathname + search, requestBody }),
    );
    return fetch(input, init);
  };
}
