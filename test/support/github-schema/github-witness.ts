import { checkGraphqlQuery } from "./check-graphql.ts";
import { checkRestRequest, checkRestResponse, type RestExchange, type SchemaProblem } from "./check-rest.ts";
import { checkWebhook } from "./check-webhook.ts";

/**
 * Watches everything that passes between a forge and its clients, and writes down what GitHub's own descriptions
 * have against it. Hand `onExchange` and `onDelivery` to `startForge`, and expect `problems` to be empty.
 */
export interface GithubWitness {
  problems: SchemaProblem[];
  /** How much was looked at, so that a test can tell silence from blindness. */
  seen: { requests: number; webhooks: number };
  onExchange: (exchange: RestExchange) => void;
  onDelivery: (delivery: { event: string; payload: unknown }) => void;
}

/**
 * A witness of clients that have no reason to ask badly: what was refused has to have been asked in GitHub's words
 * as well.
 */
export function createClientWitness(): GithubWitness {
  const witness = createGithubWitness();
  return {
    ...witness,
    onExchange: (exchange) => {
      witness.onExchange(exchange);
      if (exchange.status < 400 || !exchange.path.startsWith(REST_PREFIX)) return;
      witness.problems.push(...checkRestRequest(belowRest(exchange)));
    },
  };
}

export function createGithubWitness(): GithubWitness {
  const problems: SchemaProblem[] = [];
  const seen = { requests: 0, webhooks: 0 };
  return {
    problems,
    seen,
    onExchange: (exchange) => {
      seen.requests += 1;
      problems.push(...checkExchange(exchange));
    },
    onDelivery: (delivery) => {
      seen.webhooks += 1;
      problems.push(...checkWebhook(delivery));
    },
  };
}

function checkExchange(exchange: RestExchange): SchemaProblem[] {
  // What was refused need not have been a good request: tests send bad ones on purpose.
  if (exchange.status >= 400) return [];
  if (exchange.path.startsWith("/api/graphql")) {
    const query = (exchange.requestBody as { query?: unknown } | undefined)?.query;
    return typeof query === "string" ? checkGraphqlQuery(query) : [];
  }
  const relative = belowRest(exchange);
  return [...checkRestRequest(relative), ...checkRestResponse(relative)];
}

const REST_PREFIX = "/api/v3";

function belowRest(exchange: RestExchange): RestExchange {
  const { path } = exchange;
  return { ...exchange, path: path.startsWith(REST_PREFIX) ? path.slice(REST_PREFIX.length) : path };
}
