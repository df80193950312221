import type { ProbotOctokit } from "probot";
import type { MissedDeliveries } from "../../ports/missed-deliveries.ts";

/** Pages of 100 that are looked through at most: what lies further back was asked for before. */
const MAX_PAGES = 20;

type Attempt = {
  readonly id: number;
  readonly guid: string;
  readonly delivered_at: string;
  readonly status_code: number;
};

/** @param octokit authenticated as the App itself. */
export function createMissedDeliveries(octokit: ProbotOctokit): MissedDeliveries {
  return {
    async list(since) {
      const newest = new Map<string, Attempt>();
      const arrived = new Set<string>();
      for await (const attempt of attemptsSince(octokit, since)) {
        if (attempt.status_code >= 200 && attempt.status_code < 300) arrived.add(attempt.guid);
        if (!newest.has(attempt.guid)) newest.set(attempt.guid, attempt);
      }
      return [...newest.values()]
        .filter(({ guid }) => !arrived.has(guid))
        .map(({ guid, id }) => ({ guid, attemptId: id }))
        .reverse();
    },
    async redeliver(attemptId) {
      await octokit.rest.apps.redeliverWebhookDelivery({ delivery_id: attemptId });
    },
  };
}

/** Newest first, as GitHub lists them. */
async function* attemptsSince(octokit: ProbotOctokit, since: Date): AsyncGenerator<Attempt> {
  const pages = octokit.paginate.iterator(octokit.rest.apps.listWebhookDeliveries, { per_page: 100 });
  let read = 0;
  for await (const { data } of pages) {
    for (const attempt of data) {
      if (Date.parse(attempt.delivered_at) < since.getTime()) return;
      yield attempt;
    }
    if (++read === MAX_PAGES) return;
  }
}
