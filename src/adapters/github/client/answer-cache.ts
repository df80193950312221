export type CachedAnswer = {
  readonly etag: string;
  /** Where the next page is: an answer of 304 does not say it again. */
  readonly link: string | undefined;
  readonly json: string;
};

/**
 * Answers of one installation by address, for conditional requests: one that is answered 304 costs nothing of the
 * rate limit. Bounded by the size of what it holds; the answer that was not used for the longest time goes first.
 */
export type AnswerCache = {
  get(address: string): CachedAnswer | undefined;
  set(address: string, answer: CachedAnswer): void;
};

export function createAnswerCache(maxCharacters: number): AnswerCache {
  // A Map keeps the order of insertion: an entry that is used moves to the end.
  const answers = new Map<string, CachedAnswer>();
  let characters = 0;

  function remove(address: string): CachedAnswer | undefined {
    const answer = answers.get(address);
    if (answer === undefined) return undefined;
    answers.delete(address);
    characters -= answer.json.length;
    return answer;
  }

  function add(address: string, answer: CachedAnswer): void {
    answers.set(address, answer);
    characters += answer.json.length;
  }

  return {
    get(address) {
      const answer = remove(address);
      if (answer !== undefined) add(address, answer);
      return answer;
    },

    set(address, answer) {
      remove(address);
      // One large answer must not drive out all the others.
      if (answer.json.length > maxCharacters / 4) return;
      add(address, answer);
      for (const oldest of answers.keys()) {
        if (characters <= maxCharacters) break;
        remove(oldest);
      }
    },
  };
}
