/**
 * GitHub's address for a commit that shall be linked to an account without showing its mail address.
 * @param id the account's; null when it is gone, whose commits link to nobody.
 */
export function noReplyAddress(id: number | null, login: string): string {
  return `${id === null ? "" : `${id}+`}${login}@users.noreply.github.com`;
}
