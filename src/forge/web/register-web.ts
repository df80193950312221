import type { ForgeContext } from "../forge-context.ts";
import { registerAppPages } from "./app/register-app-pages.ts";
import { registerAssets } from "./assets/register-assets.ts";
import { registerCheckPages } from "./check/register-check-pages.ts";
import { registerCodePages } from "./code/register-code-pages.ts";
import { registerComparePages } from "./compare/register-compare-pages.ts";
import { registerHome } from "./home/register-home.ts";
import { registerIssueForms } from "./issue/register-issue-forms.ts";
import { registerIssuePages } from "./issue/register-issue-pages.ts";
import { registerPullForms } from "./pull/register-pull-forms.ts";
import { registerPullPages } from "./pull/register-pull-pages.ts";
import { registerRunPages } from "./run/register-run-pages.ts";
import { registerSettingsPages } from "./settings/register-settings-pages.ts";
import { WebSite } from "./visit/web-site.ts";

/** The pages for people. Registered last: their paths are the least specific. */
export function registerWeb(context: ForgeContext): void {
  const site = new WebSite(context);
  registerAssets(site);
  registerAppPages(site);
  registerHome(site);
  registerIssuePages(site);
  registerIssueForms(site);
  registerCodePages(site);
  registerComparePages(site);
  registerPullPages(site);
  registerPullForms(site);
  registerRunPages(site);
  registerCheckPages(site);
  registerSettingsPages(site, context);
  site.answerTheRest();
}
