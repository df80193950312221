import fc from "fast-check";

/**
 * Every run draws the same examples, so that a failure is a change's and not the day's. Another seed finds other
 * things: `FC_SEED=42 npx vitest run src/core`.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env["FC_SEED"] ?? 7) });
