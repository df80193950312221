import { describe, expect, it } from "vitest";

import { formatIdentity, parseIdentity } from "./git-identity.ts";

describe("identities of commits", () => {
  it("are written and read back with their time zone", () => {
    const identity = {
      name: "Ada L",
      email: "ada@example.com",
      at: new Date("2026-01-02T03:04:05Z"),
      timeZone: "+0200",
    };
    const line = formatIdentity(identity);
    expect(line).toBe("Ada L <ada@example.com> 1767323045 +0200");
    expect(parseIdentity(line)).toEqual(identity);
  });

  it("cannot smuggle in another line or another address", () => {
    const at = new Date(0);
    expect(formatIdentity({ name: "a\ncommitter b", email: "x>y<z", at })).toBe("acommitter b <xyz> 0 +0000");
  });

  it("are read from what other programs wrote badly", () => {
    expect(parseIdentity("nonsense")).toEqual({ name: "nonsense", email: "", at: new Date(0) });
    expect(parseIdentity("<only@mail> 5 -0100")).toMatchObject({ name: "", email: "only@mail" });
  });
});
