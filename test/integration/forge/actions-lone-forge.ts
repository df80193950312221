import { join } from "node:path";

import { actionsOf } from "../../../src/forge/actions/engine/actions-engine.ts";
import { syncWorkflows } from "../../../src/forge/actions/engine/workflow-catalog.ts";
import { personAsActor } from "../../../src/forge/hub/caller.ts";
import { startForge } from "../../../src/forge/start-forge.ts";
import { writeFiles } from "./actions-project.ts";

// A forge in a process of its own, running one step that sleeps for these seconds, for a test to kill.
const [directory = "", seconds = ""] = process.argv.slice(2);
const workflow = `
on: workflow_dispatch
jobs: { only: { runs-on: ubuntu-latest, steps: [{ run: sleep ${seconds} }] } }
`;
await writeFiles(join(directory, "seed"), { "only.yml": workflow });
const { hub } = await startForge({ dir: join(directory, "forge") });
const owner = hub.createUser({ login: "octo" });
const repository = await hub.createRepository({ owner, name: "project", seedFrom: join(directory, "seed") });
const [record] = await syncWorkflows(hub, repository);
if (record === undefined) throw new Error("The repository has no workflow");
const actor = personAsActor(owner);
await actionsOf(hub).dispatch({ repository, workflow: record, ref: "main", inputs: {}, actor });
