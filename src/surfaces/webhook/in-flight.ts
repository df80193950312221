/** Room for the deliveries that are being received and stored, so that neither a flood nor a stalled store costs more. */
export type InFlight = {
  /** null when there is no room for one more. */
  enter(): Place | null;
};

export type Place = {
  /** Takes room for so many more bytes; false when there is none. */
  readonly reserve: (bytes: number) => boolean;
  /** Keeps the place beyond `leave`, until this is over. */
  keepFor(job: Promise<unknown>): void;
  leave(): void;
};

export function createInFlight(max: { readonly requests: number; readonly bytes: number }): InFlight {
  let requests = 0;
  let bytes = 0;

  return {
    enter() {
      if (requests >= max.requests) return null;
      requests += 1;
      let reserved = 0;
      let holders = 1;

      function leave(): void {
        holders -= 1;
        if (holders > 0) return;
        requests -= 1;
        bytes -= reserved;
      }

      return {
        reserve(more) {
          if (bytes + more > max.bytes) return false;
          bytes += more;
          reserved += more;
          return true;
        },
        keepFor(job) {
          holders += 1;
          job.then(leave, leave);
        },
        leave,
      };
    },
  };
}
