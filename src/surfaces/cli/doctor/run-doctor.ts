import type { Result } from "../../../base/result.ts";
import type { RedisInspection } from "../../../ports/redis-inspection.ts";
import type { StoreInspection } from "../../../ports/store-inspection.ts";
import type { CliContext } from "../cli-context.ts";
import type { Finding } from "./finding.ts";
import { judgeStore } from "./judge-store.ts";
import { judgePublicUrl, judgeRedis } from "./judge-surroundings.ts";
import { renderFindings } from "./render-findings.ts";

/** What was found where the environment says that the server runs. */
export type Examination = {
  readonly store: StoreInspection;
  /** Null where none is set. */
  readonly redis: RedisInspection | null;
  readonly publicUrl: string | null;
};

/** Looks at everything without changing it; the error says what is wrong with the environment. */
export type Examine = () => Promise<Result<Examination, string>>;

export type DoctorOptions = { readonly json?: boolean };

/**
 * `baton doctor`: says what protects the data, and what does not. The result is the process' exit code: 0 when nothing
 * endangers it, 1 when something does, 2 when the environment says nothing sensible.
 */
export async function runDoctor(context: CliContext, options: DoctorOptions): Promise<number> {
  const examined = await context.examine();
  if (!examined.ok) {
    context.complain(examined.error);
    return 2;
  }
  const findings = judge(examined.value);
  const endangered = findings.some(({ verdict }) => verdict === "danger");
  context.print(
    options.json === true
      ? JSON.stringify({ endangered, findings, examined: examined.value }, null, 2)
      : renderFindings(findings),
  );
  return endangered ? 1 : 0;
}

function judge({ store, redis, publicUrl }: Examination): readonly Finding[] {
  return [...judgeStore(store), judgeRedis(redis), judgePublicUrl(publicUrl)];
}
