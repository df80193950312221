import { HarnessName } from "../../../contract/harness/harness-name.ts";
import { nearestWord } from "../../../core/command/nearest-word.ts";
import type { CliContext } from "../cli-context.ts";
import { renderSurvey } from "./render-survey.ts";
import { surveyHarnesses } from "./survey-harnesses.ts";

export type HarnessListOptions = { readonly json?: boolean };

/** `baton harness list [names]`. The result is the process' exit code. */
export async function runHarnessList(
  context: CliContext,
  given: readonly string[],
  options: HarnessListOptions,
): Promise<number> {
  const known: readonly string[] = HarnessName.options;
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestWord(unknown, known);
    const hint = nearest === null ? `there are ${known.join(", ")}` : `did you mean ${nearest}?`;
    context.complain(`There is no harness "${unknown}": ${hint.replace(/([^?])$/, "$1.")}`);
    return 2;
  }
  const names = HarnessName.options.filter((name) => given.length === 0 || given.includes(name));
  const surveys = await surveyHarnesses(names, context.env);
  context.print(
    options.json === true ? JSON.stringify({ harnesses: surveys }, null, 2) : renderSurvey(surveys),
  );
  return 0;
}
