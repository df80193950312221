import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { personAsActor } from "./caller.ts";
import type { HubEvent } from "./hub-event.ts";
import { Hub } from "./hub.ts";

function openHub(directory = mkdtempSync(join(tmpdir(), "forge-hub-"))): Hub {
  const hub = new Hub({ directory, now: () => new Date("2026-01-02T03:04:05.678Z") });
  onTestFinished(() => {
    hub.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return hub;
}

function pingOf(hub: Hub): HubEvent {
  const actor = personAsActor(hub.createUser({ login: "ada" }));
  return { name: "ping", action: null, repositoryId: null, actor, appId: hub.actionsApp.id };
}

test("events are published with the change, and once more when it is kept", () => {
  const hub = openHub();
  const event = pingOf(hub);
  const heard: string[] = [];
  hub.events.onRecorded(() => heard.push(`recorded, open: ${hub.store.inTransaction}`));
  hub.events.onCommitted(() => heard.push(`committed, open: ${hub.store.inTransaction}`));
  hub.change(() => {
    hub.emit(event);
    hub.emit(event);
    heard.push("still changing");
  });
  expect(heard).toEqual([
    "recorded, open: true",
    "recorded, open: true",
    "still changing",
    "committed, open: false",
    "committed, open: false",
  ]);
});

test("a change that fails leaves neither rows nor events behind", () => {
  const hub = openHub();
  const event = pingOf(hub);
  const committed: HubEvent[] = [];
  hub.events.onCommitted((each) => committed.push(each));
  expect(() =>
    hub.change(() => {
      hub.createUser({ login: "grace" });
      hub.emit(event);
      throw new Error("No");
    }),
  ).toThrow("No");
  expect(hub.store.accounts.findOne({ login: "grace" })).toBeUndefined();
  hub.createUser({ login: "grace" });
  expect(committed).toEqual([]);
});

test("what a listener of recorded events cannot write stops the change", () => {
  const hub = openHub();
  const event = pingOf(hub);
  hub.events.onRecorded(() => {
    throw new Error("The delivery cannot be stored");
  });
  expect(() =>
    hub.change(() => {
      hub.createUser({ login: "grace" });
      hub.emit(event);
    }),
  ).toThrow("The delivery cannot be stored");
  expect(hub.store.accounts.findOne({ login: "grace" })).toBeUndefined();
});

test("a change may follow from a committed one", () => {
  const hub = openHub();
  const event = pingOf(hub);
  const heard: string[] = [];
  hub.events.onCommitted(({ name }) => {
    heard.push(name);
    if (heard.length < 3) hub.emit(event);
  });
  hub.emit(event);
  expect(heard).toEqual(["ping", "ping", "ping"]);
});

test("timestamps have whole seconds, as GitHub's have", () => {
  expect(openHub().now()).toBe("2026-01-02T03:04:05Z");
});

test("one directory serves one forge at a time, and keeps its state", () => {
  const directory = mkdtempSync(join(tmpdir(), "forge-hub-"));
  const first = new Hub({ directory });
  first.createUser({ login: "ada" });
  expect(() => new Hub({ directory })).toThrow(`Another forge is using ${directory}`);
  first.close();
  const second = openHub(directory);
  expect(second.store.accounts.findOne({ login: "ada" })).toBeDefined();
  expect(second.actionsApp.id).toBe(first.actionsApp.id);
});

test("logins and names that GitHub would not take are refused", async () => {
  const hub = openHub();
  const ada = hub.createUser({ login: "ada" });
  expect(() => hub.createUser({ login: "Ada" })).toThrow("taken");
  expect(() => hub.createUser({ login: "a--b" })).toThrow("not a valid login");
  await expect(hub.createRepository({ owner: ada, name: "a/b" })).rejects.toThrow(
    "not a valid repository name",
  );
  const missing = { owner: ada, name: "copy", cloneFrom: join(hub.directory, "nothing") };
  await expect(hub.createRepository(missing)).rejects.toThrow("could not be created");
  expect(hub.store.repositories.find({})).toEqual([]);
  expect(hub.store.labels.find({})).toEqual([]);
});
