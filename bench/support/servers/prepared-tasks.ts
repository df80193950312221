import { once } from "node:events";
import { BroadcastChannel } from "node:worker_threads";

type Wish = { readonly repositoryId: number; readonly issues: number };

const NAME = "prepared-tasks";

/** Has the thread of the work open tasks, so that it knows them as if it had worked on their labels. */
export async function askForTasks(repositoryId: number, issues: number): Promise<void> {
  const channel = new BroadcastChannel(NAME);
  const done = once(channel as unknown as EventTarget, "message");
  channel.postMessage({ repositoryId, issues } satisfies Wish);
  await done;
  channel.close();
}

/** Opens tasks whenever they are asked for. */
export function prepareTasks(open: (repositoryId: number, issues: number) => Promise<void>): void {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }) => {
    const { repositoryId, issues } = data as Wish;
    void open(repositoryId, issues).then(() => channel.postMessage("done"));
  };
  channel.unref();
}
