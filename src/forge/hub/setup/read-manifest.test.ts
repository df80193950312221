import { expect, test } from "vitest";

import type { Account } from "../entity/account.ts";
import { readManifest } from "./read-manifest.ts";

const owner = { id: 1, login: "ada" } as Account;

test("a manifest becomes the App that it describes", () => {
  const manifest = {
    name: "Baton",
    url: "https://baton.example",
    hook_attributes: { url: "https://baton.example/hook" },
    default_permissions: { issues: "write", metadata: "read" },
    default_events: ["issues"],
  };
  expect(readManifest(manifest, owner)).toEqual({
    ok: true,
    app: {
      name: "Baton",
      owner,
      public: false,
      externalUrl: "https://baton.example",
      webhookUrl: "https://baton.example/hook",
      permissions: { issues: "write", metadata: "read" },
      events: ["issues"],
    },
  });
});

test("an inactive hook is left out", () => {
  const manifest = { name: "Quiet", hook_attributes: { url: "https://baton.example/hook", active: false } };
  expect(readManifest(manifest, owner)).toMatchObject({ ok: true, app: { permissions: {}, events: [] } });
  expect(readManifest(manifest, owner)).not.toHaveProperty("app.webhookUrl");
});

test("everything that is wrong is told at once", () => {
  const manifest = {
    url: "here",
    hook_attributes: { url: 7 },
    default_permissions: { issues: "own", wishes: "read" },
    default_events: "issues",
  };
  expect(readManifest(manifest, owner)).toEqual({
    ok: false,
    problems: [
      "'name' is missing.",
      "'url' is not a URL.",
      "'hook_attributes.url' is not a URL.",
      "'issues' is neither 'read', 'write' nor 'admin'.",
      "The forge does not know the permission 'wishes'.",
      "'default_events' is not a list of event names.",
    ],
  });
});
