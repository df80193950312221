import type { RedisInspection } from "../../../ports/redis-inspection.ts";
import type { Finding } from "./finding.ts";

/** What Redis means for the data: nothing that matters is only there. */
export function judgeRedis(redis: RedisInspection | null): Finding {
  const topic = "redis";
  if (redis === null)
    return { topic, verdict: "fine", says: "Not used: effects run in the server's process." };
  if (redis.kind === "unreachable") {
    return {
      topic,
      verdict: "note",
      says: `It cannot be reached: ${redis.why}. Effects wait in the database until it is back.`,
    };
  }
  const keeps = redis.appendOnly ? "keeps a log of its own" : "keeps no log";
  const truth = `Redis ${redis.version} ${keeps}; what it loses is handed over again from the database.`;
  if (redis.evictionPolicy === "noeviction") return { topic, verdict: "fine", says: truth };
  return {
    topic,
    verdict: "note",
    says: `${truth} Its maxmemory-policy is ${redis.evictionPolicy}, which may delay effects: set noeviction.`,
  };
}

/** Whether runners elsewhere know where the server is. */
export function judgePublicUrl(url: string | null): Finding {
  const topic = "address";
  if (url !== null) return { topic, verdict: "fine", says: `Runners reach the server at ${url}.` };
  return {
    topic,
    verdict: "note",
    says: "BATON_URL is not set: runners on other machines do not find the server.",
  };
}
