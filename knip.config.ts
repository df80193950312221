import type { KnipConfig } from "knip";

const config: KnipConfig = {
  // Programs that others start: nothing imports them.
  entry: [
    // Git, whose hook of a push it is.
    "src/forge/git/proc-receive-relay.ts",
    // The browser.
    "src/forge/web/assets/live.js",
    // The power cut, which lets one write and has the other count.
    "scripts/power-cut/write-without-sync.ts",
    "scripts/power-cut/count-entries.ts",
    // Benchmarks, in processes of their own.
    "bench/support/load/send-load.ts",
    "bench/support/servers/{bare,baton,baton-inbox,naive-probot,no-op-probot}.ts",
    // A test that kills it.
    "test/integration/forge/git/crashing-forge.ts",
  ],
  // What is built from the sources.
  ignore: ["dist/**"],
  // Read as files of JSON: as modules they are slow to load, or have no entry.
  ignoreDependencies: ["@octokit/openapi", "@octokit/openapi-webhooks"],
  // Debian's.
  ignoreBinaries: ["apt-get", "mkfs.ext4", "mount", "setpriv", "umount"],
};

export default config;
