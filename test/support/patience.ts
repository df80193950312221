/** Far more than two loaded cores take, and less than a test may: what it catches is something that never comes. */
export const PATIENCE_MS = 150_000;
