/**
 * How every connection plans its statements, as command-line options of the server.
 *
 * A statement is planned once per connection and the plan is kept. Planned while the tables are small, as they are
 * after every first start, it would scan them, and go on to until the server has counted rows again: with 50,000 tasks
 * opened meanwhile a lone commit was 7 times slower, with these settings no slower than at first. Every statement here
 * reads through an index, so that scans are ruled out; and one plan fits all parameters, so that none is planned anew
 * for the first five times, which takes longer than running it. Reading all of an index these settings do not rule out,
 * so that statements look rows up one by one (`LATERAL`, `LIMIT 1`) where a join could be planned like that.
 */
export const SESSION_OPTIONS = [
  "-c",
  "enable_seqscan=off",
  "-c",
  "plan_cache_mode=force_generic_plan",
] as const;

/**
 * How the driver notices that the other end of a connection is gone without a word: after 5 s of silence the system asks
 * by itself, ten times a second apart. Its own two hours would have a statement wait for as long.
 */
export const NOTICE_SILENCE = { keepAlive: true, keepAliveInitialDelayMillis: 5_000 } as const;
