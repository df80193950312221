import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** Node has it, but its type declarations name only the types of it. */
const webAssembly = (globalThis as unknown as { readonly WebAssembly: Compiler }).WebAssembly;

type Compiler = { compile(bytes: Uint8Array): Promise<WebAssembly.Module> };

let engine: Promise<WebAssembly.Module> | null = null;

/**
 * PGlite's WebAssembly, compiled once for all databases of this process: by itself every instance compiles it anew,
 * which is half of what a warm start costs.
 */
export function compileEngine(): Promise<WebAssembly.Module> {
  engine ??= compile();
  return engine;
}

async function compile(): Promise<WebAssembly.Module> {
  const file = createRequire(import.meta.url).resolve("@electric-sql/pglite/pglite.wasm");
  return webAssembly.compile(await readFile(file));
}
