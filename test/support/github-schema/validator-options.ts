/**
 * GitHub's descriptions hold keywords that are not JSON Schema's, so the validators are not strict.
 *
 * Each schema is used a few times in a test, so compiling it is what costs: without inlining and optimising, the
 * first check of six webhooks took 0.9 s instead of 2.5 s.
 */
export const validatorOptions = {
  strict: false,
  allErrors: true,
  logger: false,
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false },
} as const;
