import type { TaskId } from "../../base/ids.ts";
import type { MirrorStore, Showing, ShownParts } from "../../ports/task-store.ts";
import * as sql from "./sql/mirror.ts";
import type { SqlClient } from "./sql-client.ts";

export class PostgresMirrorStore implements MirrorStore {
  readonly #client: SqlClient;

  constructor(client: SqlClient) {
    this.#client = client;
  }

  async begin(
    task: TaskId,
    wanted: ShownParts,
    { always }: { readonly always: boolean },
  ): Promise<Showing | null> {
    const values = [task, JSON.stringify(wanted), always];
    const [showing] = await this.#client.query<Showing>(sql.beginShowing, values);
    return showing ?? null;
  }

  async end(task: TaskId, showing: Showing, shown: ShownParts): Promise<void> {
    await this.#client.query(sql.endShowing, [task, showing.id, JSON.stringify(shown)]);
  }

  async forget(task: TaskId): Promise<void> {
    await this.#client.query(sql.forgetShown, [task]);
  }
}
