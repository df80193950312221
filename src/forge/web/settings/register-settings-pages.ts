import type { ForgeContext } from "../../forge-context.ts";
import { recordRedelivery } from "../../webhooks/record-delivery.ts";
import { repositoryFrame } from "../visit/repository-frame.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import type { FormFields, FormOutcome, WebSite } from "../visit/web-site.ts";
import { mayAdminister, readSettings } from "./read-settings.ts";
import { settingsPage } from "./settings-page.ts";

export function registerSettingsPages(site: WebSite, { deliveries }: ForgeContext): void {
  site.repositoryPage("/settings", (visit) => ({
    title: "Settings",
    content: settingsPage(readSettings(visit)),
    repository: repositoryFrame(visit, "settings"),
  }));
  // GitHub's address of a repository's labels, to which labels link.
  site.repositoryPage("/labels", (visit) => visit.request.redirect(`/${visit.fullName}/settings#labels`));

  site.repositoryForm("/settings/labels", (visit, fields) => addLabel(site, visit, fields));

  site.repositoryForm("/settings/deliveries/:delivery{[0-9]+}/redeliver", async (visit) => {
    const { hub, repository } = visit;
    const location = `/${visit.fullName}/settings#deliveries`;
    const delivery = hub.store.deliveries.get(Number(visit.request.req.param("delivery")));
    if (delivery?.repositoryId !== repository.id || delivery.state !== "done") return null;
    if (!mayAdminister(visit)) return { location, refused: "Only admins of the repository may redeliver." };
    deliveries.wake(recordRedelivery(hub, delivery).appId);
    return { location, done: `Delivery ${delivery.guid} is being sent again.` };
  });
}

async function addLabel(site: WebSite, visit: RepositoryVisit, fields: FormFields): Promise<FormOutcome> {
  const location = `/${visit.fullName}/settings#labels`;
  const answer = await site.call(visit, {
    method: "POST",
    path: `/repos/${visit.fullName}/labels`,
    body: {
      name: fields.text("name"),
      color: fields.text("color").replace(/^#/, ""),
      description: fields.text("description"),
    },
  });
  return answer.ok ? { location } : { location, refused: answer.sentence };
}
