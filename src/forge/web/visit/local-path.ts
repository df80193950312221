/** A path of this forge, or `/`: an address with another host must not turn a form into a redirector. */
export function localPath(path: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : "/";
}
