import { expect, test } from "vitest";
import { keepClients } from "./keep-clients.ts";

function recordAuth(fails = 0) {
  const asked: unknown[] = [];
  const auth = keepClients(async (options?: unknown) => {
    asked.push(options);
    if (asked.length <= fails) throw new Error("not now");
    return { client: asked.length };
  });
  return { auth, asked };
}

const eventOf = (installation: number | null, name = "issues") => ({
  type: "event-octokit",
  event: { name, payload: installation === null ? {} : { installation: { id: installation } } },
});

test("events of one installation share a client, others have their own", async () => {
  const { auth } = recordAuth();
  const first = await auth(eventOf(7));
  expect(await auth(eventOf(7, "push"))).toBe(first);
  expect(await auth(eventOf(8))).not.toBe(first);
});

test("what is not an event of an installation, or is about the installation itself, is asked for anew", async () => {
  const { auth, asked } = recordAuth();
  const others = [eventOf(null), eventOf(7, "installation"), { type: "app" }, undefined];
  for (const options of [...others, ...others]) await auth(options);
  expect(asked).toEqual([...others, ...others]);
});

test("a client that could not be made is made for the next event", async () => {
  const { auth } = recordAuth(1);
  await expect(auth(eventOf(7))).rejects.toThrow("not now");
  expect(await auth(eventOf(7))).toEqual({ client: 2 });
});
