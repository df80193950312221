import type { RepositoryVariable } from "../../hub/entity/workflow.ts";
import type { Hub } from "../../hub/hub.ts";

/** What workflows of a repository see as `secrets` or as `vars`. */
export function repositoryVariables(
  hub: Hub,
  repositoryId: number,
  kind: RepositoryVariable["kind"],
): Record<string, string> {
  const found = hub.store.repositoryVariables.find({ repositoryId, kind });
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}

export interface NewVariable {
  repositoryId: number;
  kind: RepositoryVariable["kind"];
  name: string;
  value: string;
}

const namePattern = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/i;

/** Sets a secret or a variable. Names are kept in capitals, as on GitHub. */
export function setRepositoryVariable(hub: Hub, variable: NewVariable): void {
  if (!namePattern.test(variable.name)) {
    throw new Error(`'${variable.name}' is not a valid name of a ${variable.kind}`);
  }
  const { repositoryId, kind, value } = variable;
  const name = variable.name.toUpperCase();
  hub.change(() => {
    const known = hub.store.repositoryVariables.findOne({ repositoryId, kind, name });
    if (known === undefined) hub.store.repositoryVariables.insert({ repositoryId, kind, name, value });
    else hub.store.repositoryVariables.update(known.id, { value });
  });
}
