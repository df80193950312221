import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCli } from "../surfaces/cli/run-cli.ts";
import { examine } from "./examine.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  batonRoot: fileURLToPath(new URL("../../", import.meta.url)),
  version: manifest.version,
  examine: () => examine(process.env),
  print: (text) => {
    console.log(text);
  },
  complain: (text) => {
    console.error(text);
  },
});
