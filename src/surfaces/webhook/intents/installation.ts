import { z } from "zod";
import type { TenantId } from "../../../base/ids.ts";
import { User, senderOf } from "./payload.ts";
import { ignored, reader } from "./reader.ts";

const InstallationEvent = z.object({
  action: z.string(),
  installation: z.object({ id: z.number().int() }),
  sender: User.nullish(),
});

const InstallationRepositoriesEvent = InstallationEvent.extend({
  repositories_removed: z.array(z.object({ id: z.number().int() })),
});

export const readInstallation = reader(InstallationEvent, ({ action, installation, sender }) => {
  const of = { tenant: installation.id as TenantId, sender: senderOf(sender) };
  switch (action) {
    case "deleted":
      return { ...of, kind: "installation-removed", why: "deleted" };
    case "suspend":
      return { ...of, kind: "installation-removed", why: "suspended" };
    case "unsuspend":
      return { ...of, kind: "installation-restored" };
    default:
      return ignored(`Nothing follows from \`${action}\` of an installation.`);
  }
});

export const readInstallationRepositories = reader(InstallationRepositoriesEvent, (payload) => {
  const repositoryIds = payload.repositories_removed.map(({ id }) => id);
  if (repositoryIds.length === 0) return ignored("New repositories need nothing until an issue is labelled.");
  const of = { tenant: payload.installation.id as TenantId, sender: senderOf(payload.sender) };
  return { ...of, kind: "repositories-removed", repositoryIds };
});
