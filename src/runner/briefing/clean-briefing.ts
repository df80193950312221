import type { Briefing } from "../../contract/briefing.ts";
import { cleanMarkdown } from "./clean-markdown.ts";
import { cleanLine, cleanText } from "./clean-text.ts";

/**
 * The briefing with all that people and programs wrote as a reader of the page would see it. This is done before the
 * agent is given anything, so that its prompt, its file and its standard input say the same.
 */
export function cleanBriefing(briefing: Briefing): Briefing {
  const { issue, plan, failure, guidance } = briefing;
  return {
    ...briefing,
    issue: { ...issue, title: cleanLine(issue.title), body: cleanMarkdown(issue.body) },
    plan: plan && { text: cleanMarkdown(plan.text), paths: plan.paths.map(cleanLine) },
    failure: failure && {
      ...failure,
      summary: cleanText(failure.summary),
      failingTests: failure.failingTests.map(cleanLine),
      logTail: cleanText(failure.logTail),
      diff: cleanText(failure.diff),
    },
    guidance: guidance && cleanMarkdown(guidance),
    resume: briefing.resume && { ...briefing.resume, summary: cleanText(briefing.resume.summary) },
    skills: briefing.skills.map((skill) => ({ ...skill, description: cleanLine(skill.description) })),
  };
}
