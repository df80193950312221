/** Colours, titles and cursor movements: CSI and OSC sequences of ECMA-48, then lone control characters. */
export function withoutTerminalCodes(text: string): string {
  return text
    .replace(/\r\n?/gu, "\n")
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/gu, "")
    .replace(/\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?/gu, "")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, "");
}
