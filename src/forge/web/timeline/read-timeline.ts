import { authorAssociation, type AuthorAssociation } from "../../hub/author-association.ts";
import type { Comment, Issue, Reaction, TimelineDetail, TimelineEvent } from "../../hub/entity/issue.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import { fullName } from "../../hub/find-repository.ts";
import type { UserView } from "../pieces/avatar.ts";
import { viewUser } from "../pieces/view-user.ts";
import { mayDo, type RepositoryVisit } from "../visit/visit.ts";
import type {
  CommentItem,
  EventItem,
  ReactionView,
  ReferenceView,
  ReviewItem,
  TimelineItem,
} from "./timeline-item.ts";

/** The conversation of an issue or a pull request without the text that opened it, oldest first. */
export function readTimeline(visit: RepositoryVisit, issue: Issue, pull: Pull | null): TimelineItem[] {
  const { store } = visit.hub;
  const comments = store.comments.find({ issueId: issue.id }).map((comment) => ({
    order: comment.id,
    item: viewComment(visit, issue, comment),
  }));
  const events = store.timelineEvents
    .find({ issueId: issue.id })
    .filter((event) => !isImpliedByMerge(event, pull))
    .map((event) => ({ order: event.id, item: viewEvent(visit, event) }));
  const reviews = pull ? readReviews(visit, pull) : [];
  // Times have whole seconds; ids ascend over all kinds of documents, so they tell the order within one.
  return [...comments, ...events, ...reviews]
    .sort((one, other) => Date.parse(one.item.at) - Date.parse(other.item.at) || one.order - other.order)
    .map(({ item }) => item);
}

/** The text of the issue itself, as the first card of the conversation. */
export function viewOpening(visit: RepositoryVisit, issue: Issue): CommentItem {
  const base = `/${visit.fullName}/issues/${issue.number}`;
  return {
    kind: "comment",
    key: "opening",
    at: issue.createdAt,
    author: userOf(visit, issue.authorId),
    standing: describeStanding(authorAssociation(visit.hub, visit.repository, issue.authorId)),
    body: issue.body ?? "",
    isEdited: false,
    reactions: viewReactions(
      visit,
      visit.hub.store.reactions.find({ subject: "issue", subjectId: issue.id }),
    ),
    reactAction: mayComment(visit, issue) ? `${base}/reactions` : null,
    editAction: mayEdit(visit, issue.authorId) ? `${base}/body` : null,
  };
}

function viewComment(visit: RepositoryVisit, issue: Issue, comment: Comment): CommentItem {
  const base = `/${visit.fullName}/issues/${issue.number}/comments/${comment.id}`;
  const reactions = visit.hub.store.reactions.find({ subject: "issue_comment", subjectId: comment.id });
  return {
    kind: "comment",
    key: `issuecomment-${comment.id}`,
    at: comment.createdAt,
    author: userOf(visit, comment.authorId),
    standing: describeStanding(authorAssociation(visit.hub, visit.repository, comment.authorId)),
    body: comment.body,
    isEdited: comment.updatedAt !== comment.createdAt,
    reactions: viewReactions(visit, reactions),
    reactAction: mayComment(visit, issue) ? `${base}/reactions` : null,
    editAction: mayEdit(visit, comment.authorId) ? base : null,
  };
}

const standings: Record<AuthorAssociation, string | null> = {
  OWNER: "Owner",
  MEMBER: "Member",
  COLLABORATOR: "Collaborator",
  CONTRIBUTOR: "Contributor",
  NONE: null,
};

function describeStanding(association: AuthorAssociation): string | null {
  return standings[association];
}

function viewReactions(visit: RepositoryVisit, reactions: readonly Reaction[]): ReactionView[] {
  const views = new Map<string, ReactionView>();
  for (const { content, userId } of reactions) {
    const view = views.get(content) ?? { content, count: 0, isMine: false, logins: [] };
    view.count += 1;
    view.isMine ||= userId === visit.actor?.id;
    view.logins.push(userOf(visit, userId).login);
    views.set(content, view);
  }
  return [...views.values()];
}

export function mayComment(visit: RepositoryVisit, issue: Issue): boolean {
  const role = issue.locked ? "write" : "read";
  return visit.actor !== null && mayDo(visit, { permission: "issues", access: "write", role });
}

function mayEdit(visit: RepositoryVisit, authorId: number): boolean {
  return visit.actor?.id === authorId || mayDo(visit, { permission: "issues", access: "write" });
}

/** A merge closes its pull request, which a reader need not be told twice. */
function isImpliedByMerge({ detail }: TimelineEvent, pull: Pull | null): boolean {
  return pull?.merged === true && detail.event === "closed" && detail.commitId === pull.mergeCommitSha;
}

function viewEvent(visit: RepositoryVisit, event: TimelineEvent): TimelineItem {
  const { detail } = event;
  const base = { key: `event-${event.id}`, at: event.createdAt, actor: userOf(visit, event.actorId) };
  if (!isLabelChange(detail)) return { ...base, kind: "event", detail: viewDetail(visit, detail) };
  const [added, removed] = detail.event === "labeled" ? [[detail.label], []] : [[], [detail.label]];
  return { ...base, kind: "labels", added, removed };
}

type LabelChange = Extract<TimelineDetail, { label: unknown }>;

function isLabelChange(detail: TimelineDetail): detail is LabelChange {
  return detail.event === "labeled" || detail.event === "unlabeled";
}

function viewDetail(
  visit: RepositoryVisit,
  detail: Exclude<TimelineDetail, LabelChange>,
): EventItem["detail"] {
  switch (detail.event) {
    case "assigned":
    case "unassigned":
      return { event: detail.event, assignee: userOf(visit, detail.assigneeId) };
    case "review_requested":
    case "review_request_removed":
      return { event: detail.event, reviewer: userOf(visit, detail.reviewerId) };
    case "cross-referenced":
      return { event: detail.event, source: viewReference(visit, detail.sourceIssueId) };
    case "closed":
    case "reopened":
    case "renamed":
    case "referenced":
    case "merged":
    case "review_dismissed":
    case "ready_for_review":
    case "convert_to_draft":
    case "head_ref_force_pushed":
    case "head_ref_deleted":
    case "head_ref_restored":
    case "locked":
    case "unlocked":
      return detail;
  }
}

function viewReference(visit: RepositoryVisit, issueId: number): ReferenceView {
  const issue = visit.hub.store.issues.require(issueId);
  const repository = visit.hub.store.repositories.require(issue.repositoryId);
  return {
    fullName: fullName(visit.hub, repository),
    number: issue.number,
    title: issue.title,
    isPull: issue.pullId !== null,
  };
}

function readReviews(visit: RepositoryVisit, pull: Pull): { order: number; item: ReviewItem }[] {
  const { store } = visit.hub;
  return store.reviews
    .find({ pullId: pull.id })
    .filter((review) => review.state !== "PENDING")
    .map((review) => ({
      order: review.id,
      item: {
        kind: "review",
        key: `pullrequestreview-${review.id}`,
        at: review.submittedAt ?? visit.hub.now(),
        author: userOf(visit, review.authorId),
        state: review.state,
        body: review.body,
        commitId: review.commitId,
        isOutdated: review.commitId !== pull.head.sha,
      },
    }));
}

export function userOf(visit: RepositoryVisit, accountId: number): UserView {
  const account = visit.hub.store.accounts.get(accountId);
  return account ? viewUser(account) : { login: "ghost", isBot: false };
}
