import { ForgeLink } from "./forge-link.ts";
import { killTracked } from "./process-tree.ts";
import { startJob, type RunningJob } from "./run-job.ts";
import type { MessageToWorker } from "./worker-message.ts";

// The program of a worker: it takes one job from the forge that started it, runs it, and ends.
const forge = new ForgeLink();
let job: RunningJob | null = null;
let trackingId: string | null = null;

process.on("message", (message: MessageToWorker) => {
  switch (message.kind) {
    case "assign":
      trackingId = message.assignment.trackingId;
      job = startJob(message.assignment, forge);
      void job.done.then((end) => {
        process.send?.({ kind: "finished", ...end }, () => process.disconnect());
      });
      break;
    case "cancel":
      job?.cancel();
      break;
    case "answer":
      forge.receive(message);
      break;
  }
});

// A forge that is gone, however it went, leaves no process behind.
process.on("disconnect", () => {
  if (trackingId !== null) killTracked(trackingId);
  process.exit();
});
