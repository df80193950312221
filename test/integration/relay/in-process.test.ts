import { createInProcessTransport } from "../../../src/adapters/in-process/in-process-transport.ts";
import { describeTurns } from "./turns.contract.ts";

describeTurns("turns in this process", {
  start(take) {
    const transport = createInProcessTransport(take);
    return { transport, stop: () => transport.stop() };
  },
});
