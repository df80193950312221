import type { GitHub } from "../../../src/ports/github.ts";

/** A GitHub that answers at once: what a benchmark of the durable path asks of it, and nothing else. */
export function instantGitHub(): GitHub {
  const answers: Partial<GitHub> = {
    roleOf: async () => "admin",
    // Of a command that is refused, which is answered without a transition.
    ensureReaction: async () => undefined,
    ensureComment: async () => undefined,
  };
  return new Proxy({} as GitHub, {
    get(_none, name) {
      // It is handed out from a promise, which looks whether it is one itself.
      if (name === "then" || typeof name === "symbol") return undefined;
      const answer = answers[name as keyof GitHub];
      if (!answer) throw new Error(`The benchmark asks nothing of GitHub's ${name}.`);
      return answer;
    },
  });
}
