const FAILED_REQUEST = /message="stream error".* error\.error="?(?:\w+: )?(.*?)"?$/;

const STARTED_REQUEST = /message=stream\b/;

/** What opencode asks on the side, for a summary, is asked once. */
const ASIDE = /\bsmall=true\b/;

/** The provider's words in a line of opencode's log that tells of a request that failed; null for any other line. */
export function wordsOfFailedRequest(line: string): string | null {
  const failed = ASIDE.test(line) ? null : FAILED_REQUEST.exec(line);
  return failed === null ? null : (failed[1] ?? "");
}

/** Whether a line of opencode's log tells of a request that begins. */
export function isStartedRequest(line: string): boolean {
  return STARTED_REQUEST.test(line) && !ASIDE.test(line);
}

/** Of its log only errors are for people to read. */
export function isMereLog(line: string): boolean {
  return /^timestamp=\S+ level=(?:DEBUG|INFO|WARN)\b/.test(line) || line.includes('message="stream error"');
}
