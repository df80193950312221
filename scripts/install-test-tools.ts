/**
 * Runs before the tests, and installs what they need and npm does not have: a browser for the forge's pages. With
 * `CI` set it installs PostgreSQL and Redis too, so that the tests see every store and the queue; a person's machine gets
 * no server that nobody asked for, and skips these tests.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

type Tool = { readonly name: string; readonly package: string; readonly isThere: () => boolean };

const CHROMIUM: Tool = {
  name: "Chromium",
  package: "chromium",
  isThere: () => existsSync("/usr/bin/chromium"),
};

const POSTGRES: Tool = {
  name: "PostgreSQL",
  package: "postgresql",
  isThere: () => existsSync("/usr/lib/postgresql") && readdirSync("/usr/lib/postgresql").length > 0,
};

const REDIS: Tool = {
  name: "Redis",
  package: "redis-server",
  isThere: () => existsSync("/usr/bin/redis-server"),
};

const isThrownAway = Boolean(process.env["CI"]);
const missing = (isThrownAway ? [CHROMIUM, POSTGRES, REDIS] : [CHROMIUM]).filter((tool) => !tool.isThere());
const problem = missing.length > 0 ? install(missing) : null;
if (problem !== null) {
  const names = missing.map(({ name }) => name).join(" and ");
  console.error(`The tests that need ${names} will fail: ${problem}`);
  // Where nobody is there to read the sentence, it is better to end here than after all the tests.
  if (isThrownAway) process.exitCode = 1;
}

/** Resolves to null, or to a sentence that says why it could not be done and what to do. */
function install(tools: readonly Tool[]): string | null {
  const packages = tools.map((tool) => tool.package);
  const byHand = `apt-get install ${packages.join(" ")}`;
  if (!existsSync("/usr/bin/apt-get")) {
    return `this is no Debian, where they are installed with \`${byHand}\`. Provide /usr/bin/chromium in another way.`;
  }
  if (process.getuid?.() !== 0) return `run \`sudo ${byHand}\` once, since only root may install them.`;
  console.log(`Installing ${packages.join(" and ")} for the tests, once.`);
  const done =
    aptGet("update", "--quiet=2") &&
    aptGet("install", "--quiet=2", "--yes", "--no-install-recommends", ...packages);
  if (!done || !tools.every((tool) => tool.isThere())) return `\`${byHand}\` did not work, see above.`;
  return null;
}

function aptGet(...args: readonly string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { stdio: "inherit", env: environment }).status === 0;
}
