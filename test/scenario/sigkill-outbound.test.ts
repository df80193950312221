import { expect, test } from "vitest";
import { IMPLEMENTS, IMPLEMENTS_WRONGLY } from "../support/scenario/agent-script.ts";
import { surviveKills } from "../support/scenario/survive-kills.ts";

test("killed after every kind of change it made on GitHub, the task ends as it would have", async () => {
  const { kills, history } = await surviveKills({
    killsAt: ({ kind }) => kind === "outbound",
    agent: { implement: [IMPLEMENTS_WRONGLY, IMPLEMENTS] },
  });
  expect(history.filter(({ event }) => event.type === "AttemptDispatched")).toHaveLength(5);
  expect(kills).toEqual(
    expect.arrayContaining([
      "outbound POST /repos/:repo/issues/:id/labels",
      "outbound DELETE /repos/:repo/issues/:id/labels/:name",
      "outbound POST /repos/:repo/issues/:id/comments",
      "outbound PATCH /repos/:repo/issues/comments/:id",
      "outbound POST /repos/:repo/issues/comments/:id/reactions",
      "outbound POST /repos/:repo/actions/workflows/baton.yml/dispatches",
      "outbound POST /repos/:repo/pulls",
      "outbound POST /repos/:repo/check-runs",
      "outbound PUT /repos/:repo/pulls/:id/merge",
    ]),
  );
}, 900_000);
