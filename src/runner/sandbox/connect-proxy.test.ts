import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findAddress, parseDestination, startConnectProxy } from "./connect-proxy.ts";

test("a destination is a name, with a port or without", () => {
  expect(parseDestination("Registry.Example.com.")).toEqual({ host: "registry.example.com", port: 443 });
  expect(parseDestination("registry.example.com:8443")).toEqual({ host: "registry.example.com", port: 8443 });
  for (const odd of ["", "127.0.0.1", "a b", "a:0", "a:70000", "[::1]:443", "http://a"]) {
    expect(parseDestination(odd)).toBeNull();
  }
});

test("no name leads to this machine", async () => {
  expect(await findAddress("localhost")).toBeNull();
});

test("what is named is connected, and nothing else is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "baton-connect-"));
  const server = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const refused: string[] = [];
  const socketPath = join(folder, "hosts.sock");
  const proxy = await startConnectProxy(socketPath, {
    destinations: [{ host: "named.example", port }],
    onRefused: (sentence) => refused.push(sentence),
    resolve: async () => "127.0.0.1",
  });

  async function ask(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const asking = request({ socketPath, method: "CONNECT", path });
      asking.on("error", reject);
      asking.on("connect", (answer, socket) => {
        if (answer.statusCode !== 200) {
          socket.destroy();
          resolve(String(answer.statusCode));
          return;
        }
        socket.once("data", (echo: Buffer) => {
          socket.destroy();
          resolve(echo.toString());
        });
        socket.write("hello");
      });
      asking.end();
    });
  }

  expect(await ask(`named.example:${port}`)).toBe("hello");
  expect(await ask("named.example:443")).toBe("403");
  expect(await ask(`other.example:${port}`)).toBe("403");
  expect(await ask(`127.0.0.1:${port}`)).toBe("403");
  expect(refused).toHaveLength(3);
  await proxy.stop();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
