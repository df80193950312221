import type { ForgeContext } from "../../forge-context.ts";
import { apiUrl } from "../present/api-url.ts";

/** One of GitHub's own lines; `ping` webhooks carry one too. */
export const zen = "Keep it logically awesome.";

export function registerMetaResource({ http, rest, hub, limiter }: ForgeContext): void {
  // Clients ask with the trailing slash, which a base path would drop.
  http.get("/api/v3/", (c) => c.json(presentRoot(apiUrl(hub))));
  rest.get("/zen", (c) => c.text(zen));
  rest.get("/meta", (c) =>
    // The shape of GitHub Enterprise Server: GitHub.com's lists of addresses mean nothing here.
    c.json({ verifiable_password_authentication: false, installed_version: "3.19.0" }),
  );
  rest.get("/rate_limit", (c) => {
    const budget = limiter.peek(c.get("caller"));
    return c.json({ resources: { core: budget, search: budget, graphql: budget }, rate: budget });
  });
}

function presentRoot(url: string): Record<string, string> {
  const paths = {
    current_user_url: "/user",
    current_user_authorizations_html_url: "/settings/connections/applications{/client_id}",
    authorizations_url: "/authorizations",
    code_search_url: "/search/code?q={query}{&page,per_page,sort,order}",
    commit_search_url: "/search/commits?q={query}{&page,per_page,sort,order}",
    emails_url: "/user/emails",
    emojis_url: "/emojis",
    events_url: "/events",
    feeds_url: "/feeds",
    followers_url: "/user/followers",
    following_url: "/user/following{/target}",
    gists_url: "/gists{/gist_id}",
    hub_url: "/hub",
    issue_search_url: "/search/issues?q={query}{&page,per_page,sort,order}",
    issues_url: "/issues",
    keys_url: "/user/keys",
    label_search_url: "/search/labels?q={query}&repository_id={repository_id}{&page,per_page}",
    notifications_url: "/notifications",
    organization_url: "/orgs/{org}",
    organization_repositories_url: "/orgs/{org}/repos{?type,page,per_page,sort}",
    organization_teams_url: "/orgs/{org}/teams",
    public_gists_url: "/gists/public",
    rate_limit_url: "/rate_limit",
    repository_url: "/repos/{owner}/{repo}",
    repository_search_url: "/search/repositories?q={query}{&page,per_page,sort,order}",
    current_user_repositories_url: "/user/repos{?type,page,per_page,sort}",
    starred_url: "/user/starred{/owner}{/repo}",
    starred_gists_url: "/gists/starred",
    user_url: "/users/{user}",
    user_organizations_url: "/user/orgs",
    user_repositories_url: "/users/{user}/repos{?type,page,per_page,sort}",
    user_search_url: "/search/users?q={query}{&page,per_page,sort,order}",
  };
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, url + path]));
}
