import type { TakeTurn, TurnEnd, TurnTransport } from "../../ports/turn-transport.ts";

/** Has each turn taken in this process, at once: how many there are is the relay's to limit. */
export function createInProcessTransport(take: TakeTurn): TurnTransport {
  const underWay = new Set<Promise<TurnEnd>>();
  return {
    isShared: false,
    async carry({ task }) {
      const turn = take(task);
      underWay.add(turn);
      try {
        return await turn;
      } finally {
        underWay.delete(turn);
      }
    },
    async stop() {
      await Promise.all(underWay);
    },
  };
}
