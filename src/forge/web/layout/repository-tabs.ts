import { html, type Html } from "../html.ts";
import { icon, type IconName } from "../pieces/icon.ts";

export type RepositoryTab = "code" | "issues" | "pulls" | "actions" | "settings";

/** What the head of a repository's pages shows. */
export interface RepositoryFrame {
  /** `owner/name`. */
  fullName: string;
  isPrivate: boolean;
  tab: RepositoryTab;
  openIssues: number;
  openPulls: number;
  /** Runs that have not finished. */
  activeRuns: number;
}

export function repositoryTabs(frame: RepositoryFrame): Html {
  const tab = (id: RepositoryTab, path: string, name: string, mark: IconName, count?: number): Html =>
    html`<a href="/${frame.fullName}${path}" ${frame.tab === id && html`aria-current="page"`}>
      ${icon(mark)}${name}${count !== undefined && count > 0 && html`<span class="count">${count}</span>`}
    </a>`;
  return html`<nav class="tabs" aria-label="Repository">
    ${tab("code", "", "Code", "code")} ${tab("issues", "/issues", "Issues", "issue-open", frame.openIssues)}
    ${tab("pulls", "/pulls", "Pull requests", "pull", frame.openPulls)}
    ${tab("actions", "/actions", "Actions", "play", frame.activeRuns)}
    ${tab("settings", "/settings", "Settings", "settings")}
  </nav>`;
}
