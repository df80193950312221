import { expect, test } from "vitest";
import { surviveKills } from "../support/scenario/survive-kills.ts";

test("killed at every kind of webhook and runner's call, before its answer, the task ends as it would have", async () => {
  const { kills } = await surviveKills({ killsAt: ({ kind }) => kind === "inbound" });
  expect(kills).toEqual(
    expect.arrayContaining([
      "inbound webhook issues.labeled",
      "inbound webhook issue_comment.created",
      "inbound webhook workflow_run.completed",
      "inbound webhook push",
      "inbound webhook pull_request_review.submitted",
      "inbound POST /api/v1/attempts/:attempt/lease",
      "inbound POST /api/v1/attempts/:attempt/report",
      "inbound PUT /api/v1/attempts/:attempt/bundle",
      "inbound POST /api/v1/attempts/:attempt/delivery",
      "inbound POST /api/v1/attempts/:attempt/delivery/result",
    ]),
  );
}, 900_000);
