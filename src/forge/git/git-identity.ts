/** Who wrote or committed something, and when. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
  readonly at: Date;
  /** Offset of the clock on the wall, as git writes it. Default: `+0000`. */
  readonly timeZone?: string;
}

/** The line of a commit object. Characters that would end a name or an address are dropped, as git does. */
export function formatIdentity(identity: GitIdentity): string {
  const seconds = Math.floor(identity.at.getTime() / 1000);
  const [name, email] = [identity.name, identity.email].map((text) => text.replace(/[<>\n\0]/g, "").trim());
  return `${name} <${email}> ${seconds} ${identity.timeZone ?? "+0000"}`;
}

const IDENTITY = /^(.*?) ?<(.*)> (-?\d+) ([+-]\d{4})$/s;

/** Reads the line of a commit object; a line that git itself would not write gives an identity at time 0. */
export function parseIdentity(line: string): GitIdentity {
  const match = IDENTITY.exec(line);
  if (match === null) return { name: line, email: "", at: new Date(0) };
  const [, name = "", email = "", seconds = "0", timeZone = "+0000"] = match;
  return { name, email, at: new Date(Number(seconds) * 1000), timeZone };
}
