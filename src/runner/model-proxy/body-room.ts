/** What of the room one request has taken. */
export type BodyPlace = {
  /** Whether there is room for that many bytes more: then they are taken. */
  readonly take: (bytes: number) => boolean;
  /** The request is over. */
  readonly leave: () => void;
};

export interface BodyRoom {
  enter(): BodyPlace;
}

/** Bounds the memory that all requests under way hold together. */
export function createBodyRoom(maxBytes: number): BodyRoom {
  let taken = 0;
  return {
    enter() {
      let own = 0;
      return {
        take(bytes) {
          if (taken + bytes > maxBytes) return false;
          taken += bytes;
          own += bytes;
          return true;
        },
        leave() {
          taken -= own;
          own = 0;
        },
      };
    },
  };
}
