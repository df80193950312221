/** A Probot app that keeps nothing: its handler dispatches the workflow as soon as it hears of a label. */
import { Probot, ProbotOctokit, Server } from "probot";

process.once("message", (settings: Settings) => void start(settings));
process.on("disconnect", () => process.exit());

export type Settings = {
  readonly appId: number;
  readonly privateKey: string;
  readonly secret: string;
  readonly githubApiUrl: string;
};

async function start({ githubApiUrl: baseUrl, ...app }: Settings): Promise<void> {
  const options = {
    ...app,
    baseUrl,
    logLevel: "warn",
    Octokit: ProbotOctokit.defaults({ baseUrl }),
  } as const;
  const server = new Server({
    Probot: Probot.defaults(options),
    log: (await new Probot(options).ready()).log,
    host: "127.0.0.1",
    // Probot takes the number 0 for "not given".
    port: "0" as unknown as number,
  });
  await server.load((probot) => {
    probot.on("issues.labeled", async ({ octokit, payload }) => {
      const { owner, name, default_branch: ref } = payload.repository;
      await octokit.rest.actions.createWorkflowDispatch({
        owner: owner.login,
        repo: name,
        workflow_id: "baton.yml",
        ref,
        inputs: { attempt: `${payload.issue.number}`, server: "http://127.0.0.1:9", job: "attempt" },
      });
    });
  });
  await server.start();
  process.send?.({ url: `http://127.0.0.1:${server.port}` });
}
