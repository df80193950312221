import type { ForgeContext } from "../forge-context.ts";
import { registerAppResource } from "./account/app-resource.ts";
import { registerCollaboratorsResource } from "./account/collaborators-resource.ts";
import { registerHookResource } from "./account/hook-resource.ts";
import { registerInstallationResource } from "./account/installation-resource.ts";
import { registerMetaResource } from "./account/meta-resource.ts";
import { registerRepositoryResource } from "./account/repository-resource.ts";
import { registerUserResource } from "./account/user-resource.ts";
import { registerContentsResource } from "./contents/contents-resource.ts";

/** Users, Apps, installations, repositories and their files. */
export function registerAccountResources(context: ForgeContext): void {
  registerMetaResource(context);
  registerUserResource(context);
  registerAppResource(context);
  registerInstallationResource(context);
  registerHookResource(context);
  registerRepositoryResource(context);
  registerCollaboratorsResource(context);
  registerContentsResource(context);
}
