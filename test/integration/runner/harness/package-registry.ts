import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export type PackageRegistry = {
  readonly url: string;
  readonly close: () => Promise<void>;
};

type Published = {
  readonly name: string;
  readonly version: string;
  /** Of package.json, beside name and version. */
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
};

/** A registry as npm asks one, on loopback. */
export async function startPackageRegistry(packages: readonly Published[]): Promise<PackageRegistry> {
  const directory = mkdtempSync(join(tmpdir(), "baton-registry-"));
  const tarballs = new Map(packages.map((each) => [each.name, pack(directory, each)]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    const found = packages.find(({ name }) => path === name || path === `${name}.tgz`);
    if (found === undefined) {
      response.writeHead(404).end("{}");
    } else if (path.endsWith(".tgz")) {
      response.writeHead(200).end(tarballs.get(found.name));
    } else {
      const { name, version, manifest } = found;
      const dist = { tarball: `${url}/${encodeURIComponent(name)}.tgz` };
      const versions = { [version]: { ...manifest, name, version, dist } };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      rmSync(directory, { recursive: true });
    },
  };
}

function pack(directory: string, { name, version, manifest, files }: Published): Buffer {
  const root = join(directory, name, "package");
  const all = { "package.json": JSON.stringify({ ...manifest, name, version }), ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o755 });
  }
  const tarball = join(directory, name, "package.tgz");
  execFileSync("tar", ["-czf", tarball, "-C", join(directory, name), "package"]);
  return readFileSync(tarball);
}
