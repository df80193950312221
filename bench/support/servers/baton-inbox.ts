/** Baton's ingress alone: deliveries are stored and answered, and nobody works on them. */
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { serve } from "./serve.ts";
import { startIngress } from "./start-ingress.ts";

serve(async (start) => {
  const store = await openStore({ url: start.databaseUrl ?? "" });
  const { port } = await startIngress(start, store, () => undefined);
  return { port };
});
