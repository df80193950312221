/** A Probot app that does nothing with its events. */
import { serve } from "./serve.ts";
import { startProbot } from "./start-probot.ts";

serve(async (start) => ({
  port: await startProbot(start, (app) => {
    app.on("issue_comment.created", async () => undefined);
  }),
}));
