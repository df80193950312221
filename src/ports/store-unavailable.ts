/**
 * The store cannot do it now, whatever it is asked: it is away, has no room, or is behind. The same may succeed later,
 * and who asked is not at fault. Nothing tells whether it was done, where the connection was lost before the answer.
 */
export class StoreUnavailable extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "StoreUnavailable";
  }
}
