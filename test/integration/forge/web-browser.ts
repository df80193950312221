import type { Octokit } from "@octokit/rest";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";

import type { Account } from "../../../src/forge/hub/entity/account.ts";
import type { PermissionSet } from "../../../src/forge/hub/entity/permission.ts";
import { launchChromium } from "../../support/launch-chromium.ts";
import { PATIENCE_MS } from "../../support/patience.ts";
import { createForgeWorld, type ForgeWorld } from "./forge-world.ts";
import type { GitClient } from "./git/git-client.ts";

/** A forge's world with a browser in it. Its functions may be taken out of it. */
export interface WebWorld extends ForgeWorld {
  /** Opens a browser window of its own, acting as the account. */
  visit: (path: string, options: VisitOptions) => Promise<Page>;
  as: (account: Account) => Octokit;
  asApp: (permissions?: PermissionSet) => Octokit;
  tokenOf: (account: Account) => string;
  clone: (token: string, name?: string) => Promise<GitClient>;
}

interface VisitOptions {
  as: Account;
  /** Every page has to work without scripts, too. */
  withoutScript?: boolean;
  /** In CSS pixels. */
  width?: number;
}

/**
 * A forge and a real browser for one test file. Whatever a page complains of (errors of its script, what its
 * content policy stops, a dialog that some injected script opened, a request to anywhere else) fails the file.
 */
export function useWebWorld(): () => WebWorld {
  let world: WebWorld | undefined;
  let browser: Browser | undefined;
  const complaints: string[] = [];

  beforeAll(async () => {
    const [forgeWorld, started] = await Promise.all([createForgeWorld(), launchChromium()]);
    browser = started;
    world = {
      ...forgeWorld,
      visit: (path, options) =>
        visit({ browser: started, url: forgeWorld.forge.url, complaints }, path, options),
    };
  });

  afterAll(async () => {
    await browser?.close();
    await world?.close();
    expect(complaints).toEqual([]);
    expect(world?.witness.problems).toEqual([]);
  });

  return () => {
    if (world === undefined) throw new Error("The forge has not started yet");
    return world;
  };
}

interface Opening {
  browser: Browser;
  url: string;
  complaints: string[];
}

async function visit(
  { browser, url, complaints }: Opening,
  path: string,
  { as, withoutScript = false, width = 1200 }: VisitOptions,
): Promise<Page> {
  const context = await browser.newContext({
    javaScriptEnabled: !withoutScript,
    viewport: { width, height: 800 },
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await actAs(context, url, as);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(`${path}: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`${path}: a dialog said ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    // The browser reports every answer of 400 and above here, which tests provoke on purpose.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) complaints.push(`${path}: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) complaints.push(`${path}: asked for ${request.url()}`);
  });
  await page.goto(url + path);
  return page;
}

async function actAs(context: BrowserContext, url: string, account: Account): Promise<void> {
  const { port } = new URL(url);
  await context.addCookies([{ name: `forge_actor_${port}`, value: account.login, url }]);
}
