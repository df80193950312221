import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Octokit } from "@octokit/rest";
import { expect, onTestFinished } from "vitest";

import type { Account } from "../../../src/forge/hub/entity/account.ts";
import type { Repository } from "../../../src/forge/hub/entity/repository.ts";
import type { CreatedApp } from "../../../src/forge/hub/setup/create-app.ts";
import { startForge, type Forge, type ForgeOptions } from "../../../src/forge/start-forge.ts";
import { createGithubWitness, type GithubWitness } from "../../support/github-schema/github-witness.ts";
import { signAppToken } from "./sign-app-token.ts";

export interface ForgeFixture {
  forge: Forge;
  witness: GithubWitness;
  /** Owns `repository`. */
  ada: Account;
  repository: Repository;
  /** `{ owner, repo }` of the repository, for Octokit. */
  place: { owner: string; repo: string };
  /** A client of a person, with an unrestricted token. */
  clientOf: (user: Account) => Octokit;
  clientWith: (token: string) => Octokit;
  /** A client of the App itself, by JWT. */
  clientOfApp: (app: CreatedApp) => Octokit;
}

/**
 * A forge of its own for one test, with one user and one repository. When the test is over, everything that passed
 * must have been as GitHub describes it.
 */
export async function openForge(options: Partial<ForgeOptions> = {}): Promise<ForgeFixture> {
  const dir = options.dir ?? (await temporaryDirectory());
  const witness = createGithubWitness();
  const forge = await startForge({
    ...options,
    dir,
    onExchange: witness.onExchange,
    onDelivery: witness.onDelivery,
  });
  onTestFinished(async () => {
    await forge.close();
    expect(witness.problems).toEqual([]);
  });
  const { hub } = forge;
  const ada =
    hub.store.accounts.findOne({ login: "ada" }) ?? hub.createUser({ login: "ada", name: "Ada L." });
  const repository =
    hub.store.repositories.findOne({ ownerId: ada.id, name: "engine" }) ??
    (await hub.createRepository({ owner: ada, name: "engine" }));
  const clientWith = (token: string): Octokit =>
    new Octokit({ auth: token, baseUrl: `${forge.url}/api/v3`, log: silentLog });
  return {
    forge,
    witness,
    ada,
    repository,
    place: { owner: "ada", repo: "engine" },
    clientWith,
    clientOf: (user) => clientWith(hub.createToken({ user }).token),
    clientOfApp: (created) => clientWith(signAppToken(created, hub.date())),
  };
}

/** Octokit writes refused requests to the console, and tests ask for refusals. */
const silentLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "forge-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The status and message that a refused request was answered with. */
export async function refusalOf(request: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await request;
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data: { message: string } } };
    return { status, message: response?.data.message ?? "" };
  }
  throw new Error("The request was not refused");
}
