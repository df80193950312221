/**
 * Stars in place of the real key, should an upstream repeat it in an answer: of the same length, so that the answer's
 * length stays true. What could be the key's beginning at the end of a chunk is held back until the next.
 */
export function createKeyScrubber(key: string): {
  write(chunk: Buffer): Buffer;
  end(): Buffer;
} {
  const secret = Buffer.from(key);
  const stars = Buffer.alloc(secret.length, "*");
  let held = Buffer.alloc(0);
  return {
    write(chunk) {
      let bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (bytes.includes(secret)) {
        bytes = Buffer.from(bytes);
        for (let at = bytes.indexOf(secret); at !== -1; at = bytes.indexOf(secret, at)) stars.copy(bytes, at);
      }
      const keep = lengthOfBeginning(bytes, secret);
      held = Buffer.from(bytes.subarray(bytes.length - keep));
      return bytes.subarray(0, bytes.length - keep);
    },
    end: () => held,
  };
}

/** How many of the last bytes are the first bytes of `secret`. */
function lengthOfBeginning(bytes: Buffer, secret: Buffer): number {
  const most = Math.min(bytes.length, secret.length - 1);
  for (let length = most; length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(secret.subarray(0, length))) return length;
  }
  return 0;
}
