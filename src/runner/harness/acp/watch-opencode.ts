import { BROKE_OFF, gaveUp, isUnpaid, MAX_FAILURES } from "../opencode/give-up.ts";
import { isMereLog, isStartedRequest, wordsOfFailedRequest } from "../opencode/failed-request.ts";
import type { Watch } from "./watch.ts";

/**
 * Over the protocol opencode says nothing of requests that it makes again. Between two that went well lies the result of
 * a tool: what begins without one is the last one again.
 */
export function watchOpencode(): Watch {
  let started = 0;
  let failed = 0;
  let words: string | null = null;

  return {
    read(line) {
      const told = wordsOfFailedRequest(line);
      if (told !== null) {
        failed += 1;
        words = told;
        return [];
      }
      if (!isStartedRequest(line)) return isMereLog(line) ? [] : null;
      started += 1;
      if (started === 1) return [];
      return [
        { type: "retry", attempt: started - 1, max: MAX_FAILURES - 1, delayMs: null, httpStatus: null },
      ];
    },
    onToolResult() {
      started = 0;
      failed = 0;
      words = null;
    },
    hopeless() {
      if (words !== null && isUnpaid(words)) return gaveUp(words);
      if (failed < MAX_FAILURES && started < MAX_FAILURES) return null;
      return gaveUp(words ?? BROKE_OFF);
    },
  };
}
