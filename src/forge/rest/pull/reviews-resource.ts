import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { isAncestor } from "../../git/read-refs.ts";
import { isFullOid } from "../../git/read-objects.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Pull, Review } from "../../hub/entity/pull.ts";
import type { Hub } from "../../hub/hub.ts";
import { dismissReview } from "../../hub/pull/dismiss-review.ts";
import {
  createReview,
  editReview,
  selfReviewRefusal,
  submitReview,
  type Verdict,
} from "../../hub/pull/review-pull.ts";
import { checkBodyLength } from "../issue/text-limits.ts";
import { paginate } from "../paginate.ts";
import { presentReview } from "../present/present-review.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { actingCaller } from "../require-access.ts";
import { invalidRequest, notFound, RestRefusal, unsupported, validationFailed } from "../rest-refusal.ts";
import { readPulls, requirePull, writePulls } from "./require-pull.ts";

const reviews = "/repos/:owner/:repo/pulls/:number{[0-9]+}/reviews";

export function registerReviewsResource(context: ForgeContext): void {
  registerReviewReading(context);
  registerReviewWriting(context);
  registerReviewEnding(context);
}

function registerReviewReading({ rest, hub }: ForgeContext): void {
  rest.get(reviews, (c) => {
    const { pull } = requirePull(c, hub, readPulls);
    const visible = hub.store.reviews.find({ pullId: pull.id }).filter((review) => maySee(c, review));
    return c.json(paginate(c, hub, visible).map((review) => presentReview(hub, review)));
  });

  rest.get(`${reviews}/:review{[0-9]+}`, (c) => {
    const { pull } = requirePull(c, hub, readPulls);
    return c.json(presentReview(hub, requireReview(c, hub, pull)));
  });
}

function registerReviewWriting({ rest, hub }: ForgeContext): void {
  rest.post(reviews, async (c) => {
    const { pull } = requirePull(c, hub, writePulls);
    return c.json(presentReview(hub, await writeReview(c, hub, { pull, body: await readBody(c) })));
  });

  rest.put(`${reviews}/:review{[0-9]+}`, async (c) => {
    const { pull } = requirePull(c, hub, writePulls);
    const review = requireOwnReview(c, hub, pull);
    const text = readText(await readBody(c));
    const edited = editReview(hub, { review, actor: actorOf(actingCaller(c)), body: text });
    return c.json(presentReview(hub, edited));
  });

  rest.post(`${reviews}/:review{[0-9]+}/events`, async (c) => {
    const { pull } = requirePull(c, hub, writePulls);
    const review = requireOwnReview(c, hub, pull);
    if (review.state !== "PENDING")
      throw new RestRefusal(422, "Could not submit a review that is not pending");
    const body = await readBody(c);
    const verdict = readVerdict(body);
    if (verdict === null) throw invalidRequest(`"event" wasn't supplied.`);
    const text = body.string("body") ?? review.body;
    checkVerdict(c, hub, { pull, verdict, text });
    const actor = actorOf(actingCaller(c));
    return c.json(presentReview(hub, submitReview(hub, { review, actor, verdict, body: text })));
  });
}

/** Dismissing what was submitted, and deleting what was not. */
function registerReviewEnding({ rest, hub }: ForgeContext): void {
  rest.put(`${reviews}/:review{[0-9]+}/dismissals`, async (c) => {
    const { pull } = requirePull(c, hub, { ...writePulls, role: "write" });
    const review = requireReview(c, hub, pull);
    const message = (await readBody(c)).string("message");
    if (message === undefined || message === "") throw invalidRequest(`"message" wasn't supplied.`);
    if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
      throw new RestRefusal(422, "Can not dismiss a commented pull request review");
    }
    const dismissed = dismissReview(hub, { review, actor: actorOf(actingCaller(c)), message });
    return c.json(presentReview(hub, dismissed));
  });

  rest.delete(`${reviews}/:review{[0-9]+}`, (c) => {
    const { pull } = requirePull(c, hub, writePulls);
    const review = requireOwnReview(c, hub, pull);
    if (review.state !== "PENDING")
      throw new RestRefusal(422, "Can not delete a non-pending pull request review");
    hub.change(() => {
      hub.store.reviews.delete(review.id);
    });
    return c.json(presentReview(hub, review));
  });
}

async function writeReview(
  c: ForgeRequest,
  hub: Hub,
  { pull, body }: { pull: Pull; body: RequestBody },
): Promise<Review> {
  if ((body.objects("comments") ?? []).length > 0) throw unsupported("review comments on lines");
  const verdict = readVerdict(body);
  const text = readText(body, "");
  checkVerdict(c, hub, { pull, verdict, text });
  const commitId = body.string("commit_id") ?? pull.head.sha;
  if (!(await isPartOf(hub, pull, commitId))) {
    const message = "commit_id is not part of the pull request";
    throw validationFailed([{ resource: "PullRequestReview", field: "commit_id", code: "custom", message }]);
  }
  return createReview(hub, { pull, actor: actorOf(actingCaller(c)), body: text, commitId, verdict });
}

async function isPartOf(hub: Hub, pull: Pull, commitId: string): Promise<boolean> {
  if (commitId === pull.head.sha) return true;
  if (!isFullOid(commitId)) return false;
  // An unknown commit makes git fail, and is no part of anything.
  return isAncestor(hub.gitDirectory(pull.repositoryId), commitId, pull.head.sha).catch(() => false);
}

function readVerdict(body: RequestBody): Verdict | null {
  return body.oneOf("event", ["APPROVE", "REQUEST_CHANGES", "COMMENT"]) ?? null;
}

function readText(body: RequestBody, fallback?: string): string {
  const text = body.string("body") ?? fallback;
  if (text === undefined) throw invalidRequest(`"body" wasn't supplied.`);
  checkBodyLength(text, "PullRequestReview");
  return text;
}

function checkVerdict(
  c: ForgeRequest,
  hub: Hub,
  { pull, verdict, text }: { pull: Pull; verdict: Verdict | null; text: string },
): void {
  // A setting of GitHub's that is off by default.
  if (verdict === "APPROVE" && c.get("caller").kind === "job") {
    throw unprocessable("GitHub Actions is not permitted to approve pull requests.");
  }
  const own = selfReviewRefusal(hub, { pull, actor: actorOf(actingCaller(c)), verdict });
  if (own !== undefined) throw unprocessable(own);
  if (text === "" && verdict === "REQUEST_CHANGES") {
    throw unprocessable("Review body can't be blank when requesting changes");
  }
  if (text === "" && verdict === "COMMENT") throw unprocessable("Review body can't be blank");
}

function unprocessable(problem: string): RestRefusal {
  return new RestRefusal(422, "Unprocessable Entity", [problem]);
}

/** Until it is submitted, a review is its author's alone. */
function maySee(c: ForgeRequest, review: Review): boolean {
  if (review.state !== "PENDING") return true;
  const caller = c.get("caller");
  return "account" in caller && caller.account.id === review.authorId;
}

function requireReview(c: ForgeRequest, hub: Hub, pull: Pull): Review {
  const review = hub.store.reviews.get(Number(c.req.param("review")));
  if (review?.pullId !== pull.id || !maySee(c, review)) throw notFound();
  return review;
}

function requireOwnReview(c: ForgeRequest, hub: Hub, pull: Pull): Review {
  const review = requireReview(c, hub, pull);
  if (review.authorId === actingCaller(c).account.id) return review;
  throw new RestRefusal(403, "Must have sufficient rights to Repository.");
}
