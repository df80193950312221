import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { unzipSync } from "fflate";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createActionsProject, type ActionsProject } from "./actions-project.ts";

const files = {
  "README.md": "hello\n",
  "build.yml": `
name: Build
on:
  workflow_dispatch:
    inputs:
      level: { type: choice, options: [low, high], default: low }
      loud: { type: boolean }
      count: { type: number, default: 2 }
      title: { required: true }
jobs:
  build:
    runs-on: [self-hosted, linux]
    environment: { name: "staging-\${{ inputs.level }}" }
    steps:
      - run: "echo '\${{ toJSON(inputs) }}' && mkdir out && echo data > out/data.txt"
      - { uses: actions/upload-artifact@v4, with: { name: data, path: out } }
`,
  "token.yml": `
on: workflow_dispatch
permissions: { issues: write, contents: read }
jobs:
  ask:
    runs-on: ubuntu-latest
    steps:
      - shell: node {0}
        env: { TOKEN: "\${{ secrets.GITHUB_TOKEN }}" }
        run: |
          const headers = { authorization: "Bearer " + process.env.TOKEN };
          const base = process.env.GITHUB_API_URL + "/repos/" + process.env.GITHUB_REPOSITORY;
          const send = async (method, path, body) => {
            const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
            console.log(method, path, answer.status);
          };
          (async () => {
            await send("POST", "/issues", { title: "Made by a job" });
            await send("GET", "/contents/README.md");
            await send("PUT", "/contents/new.md", { message: "m", content: "aGk=" });
            await send("POST", "/actions/workflows/build.yml/dispatches", { ref: "main" });
            require("fs").writeFileSync("\${{ vars.KEPT_TOKEN }}", process.env.TOKEN);
          })();
`,
  "identity.yml": `
name: Identity
on: workflow_dispatch
jobs:
  proven:
    runs-on: ubuntu-latest
    permissions: { id-token: write }
    environment: "prod:eu"
    steps:
      - &ask
        shell: node {0}
        run: |
          const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret } = process.env;
          if (!url) { console.log("no tokens here"); process.exit(); }
          const ask = (address) => fetch(address, { headers: { authorization: "Bearer " + secret } }).then((a) => a.json());
          (async () => {
            console.log("custom", (await ask(url + "&audience=baton")).value);
            console.log("default", (await ask(url)).value);
            require("fs").writeFileSync(process.env.GITHUB_OUTPUT, "");
          })();
  unproven:
    runs-on: ubuntu-latest
    permissions: {}
    steps: [*ask]
`,
  "refused.yml": `
on: workflow_dispatch
jobs:
  services: { runs-on: ubuntu-latest, services: { db: { image: postgres } }, steps: [{ run: "true" }] }
  container: { runs-on: ubuntu-latest, container: node, steps: [{ run: "true" }] }
  reusable: { uses: ./.github/workflows/other.yml }
  windows: { runs-on: windows-latest, steps: [{ run: "true" }] }
  docker: { runs-on: ubuntu-latest, steps: [{ uses: "docker://alpine" }] }
  unknown: { runs-on: ubuntu-latest, steps: [{ uses: nobody/nothing@v1 }] }
  local: { runs-on: ubuntu-latest, steps: [{ uses: ./missing }] }
  shell: { runs-on: ubuntu-latest, steps: [{ run: "true", shell: fish }] }
  node: { runs-on: ubuntu-latest, steps: [{ uses: actions/setup-node@v4, with: { node-version: 12 } }] }
  checkout: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v4, with: { submodules: true } }] }
  expression: { runs-on: ubuntu-latest, steps: [{ run: "echo \${{ fromJSON('{') }}" }] }
  matrix: { runs-on: ubuntu-latest, strategy: { matrix: { n: "\${{ fromJSON('[]') }}" } }, steps: [{ run: "true" }] }
`,
  "slow.yml": `
on: workflow_dispatch
jobs: { slow: { runs-on: ubuntu-latest, steps: [{ run: "sleep 60" }] } }
`,
  "plain.yml": "on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: echo plain }] } }\n",
};

let project: ActionsProject;
let rest: ActionsProject["rest"];

beforeAll(async () => {
  project = await createActionsProject(files, { settings: { parallelJobs: 4 } });
  ({ rest } = project);
  const value = join(project.directory, "kept-token");
  project.engine.setVariable({
    repositoryId: project.repository.id,
    kind: "variable",
    name: "KEPT_TOKEN",
    value,
  });
});

afterAll(async () => {
  expect(project.witness.problems).toEqual([]);
  await project.close();
});

describe("dispatching", () => {
  test("takes typed inputs and says which run it started, if asked", async () => {
    const { log, run } = await project.run("build.yml", { title: "x", loud: "true", count: "5" });
    expect(log("build")).toContain('"level": "low",\n  "loud": true,\n  "count": 5,\n  "title": "x"');
    expect(run.eventPayload).toMatchObject({
      inputs: { level: "low", loud: "true", count: "5", title: "x" },
      ref: "refs/heads/main",
      workflow: ".github/workflows/build.yml",
    });
    const silent = await rest("POST", "actions/workflows/build.yml/dispatches", {
      ref: "main",
      inputs: { title: "y" },
    });
    expect([silent.status, silent.body]).toEqual([204, ""]);
    await project.engine.idle();
  });

  test.each([
    ["build.yml", { ref: "main" }, 422, "Required input 'title' not provided"],
    [
      "build.yml",
      { ref: "main", inputs: { title: "x", more: 1 } },
      422,
      'Unexpected inputs provided: ["more"]',
    ],
    ["build.yml", { ref: "gone" }, 422, "No ref found for: gone"],
    ["plain.yml", { ref: "main" }, 422, "Workflow does not have 'workflow_dispatch' trigger"],
    ["build.yml", { inputs: {} }, 422, 'Invalid request.\n\n"ref" wasn\'t supplied.'],
    ["absent.yml", { ref: "main" }, 404, "Not Found"],
  ])("%s with %j is refused", async (file, body, status, message) => {
    const answer = await rest("POST", `actions/workflows/${file}/dispatches`, body);
    expect([answer.status, (answer.body as { message: string }).message]).toEqual([status, message]);
  });

  test("asks for write access", async () => {
    const reader = project.forge.hub.createUser({ login: "rita" });
    const { token } = project.forge.hub.createToken({ user: reader });
    const answer = await rest("POST", "actions/workflows/build.yml/dispatches", { ref: "main" }, token);
    expect(answer.status).toBe(403);
    expect((await rest("GET", "actions/runs", undefined, token)).status).toBe(200);
  });

  test("does nothing while a workflow is disabled", async () => {
    expect((await rest("PUT", "actions/workflows/slow.yml/disable")).status).toBe(204);
    const answer = await rest("POST", "actions/workflows/slow.yml/dispatches", { ref: "main" });
    expect(answer.body).toMatchObject({
      message: "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
    });
    expect((await rest("PUT", "actions/workflows/slow.yml/enable")).status).toBe(204);
  });
});

test("workflows, runs, jobs, logs and artifacts are there to read", async () => {
  const { run, job } = await project.run("build.yml", { title: "x" });
  const workflows = await rest("GET", "actions/workflows");
  expect(workflows.body).toMatchObject({ total_count: Object.keys(files).length - 1 });
  expect((await rest("GET", `actions/workflows/${run.workflowId}`)).body).toMatchObject({ name: "Build" });
  expect((await rest("GET", `actions/runs/${run.id}`)).body).toMatchObject({
    status: "completed",
    conclusion: "success",
    event: "workflow_dispatch",
    html_url: `${project.forge.url}/octo/project/actions/runs/${run.id}`,
  });
  const query = `event=workflow_dispatch&branch=main&status=success&actor=octo&head_sha=${run.headSha}`;
  const listed = await rest("GET", `actions/workflows/build.yml/runs?${query}&per_page=1`);
  expect(listed.body).toMatchObject({ workflow_runs: [{ id: run.id }] });
  expect((await rest("GET", "actions/runs?status=failure&event=push")).body).toMatchObject({
    total_count: 0,
  });
  const jobs = await rest("GET", `actions/runs/${run.id}/jobs`);
  expect(jobs.body).toMatchObject({
    total_count: 1,
    jobs: [{ id: job("build").id, name: "build", labels: ["self-hosted", "linux"], conclusion: "success" }],
  });
  expect((await rest("GET", `check-runs/${job("build").id}`)).body).toMatchObject({
    name: "build",
    status: "completed",
  });

  const log = await rest("GET", `actions/jobs/${job("build").id}/logs`);
  expect(log.status).toBe(302);
  const address = log.response.headers.get("location") ?? "";
  expect(await (await fetch(address)).text()).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:.]{16}Z Runner of the local forge/,
  );
  expect((await fetch(address.replace(/sig=./, "sig=x"))).status).toBe(404);
  const archive = await rest("GET", `actions/runs/${run.id}/logs`);
  const logs = await (await fetch(archive.response.headers.get("location") ?? "")).arrayBuffer();
  expect(Object.keys(unzipSync(new Uint8Array(logs)))).toEqual(
    expect.arrayContaining(["0_build.txt", "build/1_Set up job.txt", "build/4_Complete job.txt"]),
  );

  const artifacts = await rest("GET", `actions/runs/${run.id}/artifacts`);
  expect(artifacts.body).toMatchObject({ total_count: 1, artifacts: [{ name: "data", expired: false }] });
  const [artifact] = (artifacts.body as { artifacts: { id: number }[] }).artifacts;
  const download = await rest("GET", `actions/artifacts/${artifact?.id ?? 0}/zip`);
  expect(download.status).toBe(302);
  const zip = await (await fetch(download.response.headers.get("location") ?? "")).arrayBuffer();
  expect(Buffer.from(unzipSync(new Uint8Array(zip))["data.txt"] ?? "").toString()).toBe("data\n");
  expect((await rest("DELETE", `actions/artifacts/${artifact?.id ?? 0}`)).status).toBe(204);
  expect((await rest("GET", `actions/artifacts/${artifact?.id ?? 0}`)).status).toBe(404);
  expect((await rest("GET", "actions/runs/999999999")).status).toBe(404);
});

test("a running job shows its steps, and its log only when it is done", async () => {
  const { store } = project.forge.hub;
  const id = await project.dispatch("slow.yml");
  await project.until(() =>
    store.workflowJobs.find({ runId: id }).some((job) => job.status === "in_progress"),
  );
  const [job] = store.workflowJobs.find({ runId: id });
  expect((await rest("GET", `actions/jobs/${job?.id ?? 0}`)).body).toMatchObject({ status: "in_progress" });
  expect((await rest("GET", `actions/jobs/${job?.id ?? 0}/logs`)).status).toBe(404);
  expect((await rest("POST", `actions/runs/${id}/rerun`)).body).toMatchObject({
    message: "This workflow is already running",
  });
  expect((await rest("POST", `actions/runs/${id}/cancel`)).status).toBe(202);
  expect((await project.finished(id)).run.conclusion).toBe("cancelled");
});

test("a job's token can do what its permissions say, and nothing once the job has ended", async () => {
  const { log } = await project.run("token.yml");
  expect(log("ask")).toContain("POST /issues 201\nGET /contents/README.md 200\nPUT /contents/new.md 403\n");
  expect(log("ask")).toContain("POST /actions/workflows/build.yml/dispatches 403\n");
  expect(log("ask")).toContain("Issues: write\nContents: read");
  const token = await readFile(join(project.directory, "kept-token"), "utf8");
  expect(token).toMatch(/^ghs_/);
  expect((await rest("GET", "contents/README.md", undefined, token)).status).toBe(401);
});

test("OIDC tokens prove which job asks, by GitHub's claims", async () => {
  const { log, job, run } = await project.run("identity.yml");
  expect(log("unproven")).toContain("no tokens here");
  const [, custom = ""] = /^custom (\S+)$/m.exec(log("proven")) ?? [];
  const [, plain = ""] = /^default (\S+)$/m.exec(log("proven")) ?? [];
  const issuer = `${project.forge.url}/_oidc`;
  const discovery = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as {
    issuer: string;
    jwks_uri: string;
  };
  expect(discovery.issuer).toBe(issuer);
  const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
  const { payload, protectedHeader } = await jwtVerify(custom, keys, { issuer, audience: "baton" });
  expect(protectedHeader).toMatchObject({ alg: "RS256", typ: "JWT" });
  expect(payload).toMatchObject({
    sub: "repo:octo/project:environment:prod%3Aeu",
    repository: "octo/project",
    repository_id: String(project.repository.id),
    repository_owner: "octo",
    ref: "refs/heads/main",
    sha: run.headSha,
    workflow: "Identity",
    workflow_ref: "octo/project/.github/workflows/identity.yml@refs/heads/main",
    job_workflow_ref: "octo/project/.github/workflows/identity.yml@refs/heads/main",
    run_id: String(run.id),
    run_number: "1",
    run_attempt: "1",
    actor: "octo",
    actor_id: String(project.owner.id),
    event_name: "workflow_dispatch",
    environment: "prod:eu",
    runner_environment: "github-hosted",
    head_ref: "",
    base_ref: "",
    check_run_id: String(job("proven").id),
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  expect((await jwtVerify(plain, keys)).payload.aud).toBe(`${project.forge.url}/octo`);
  const refused = await fetch(`${issuer}/token?audience=x`, { headers: { authorization: "Bearer guessed" } });
  expect(refused.status).toBe(401);
});

test("what the forge cannot do is refused by name, in the log of the job that asked", async () => {
  const { run, job, log } = await project.run("refused.yml");
  expect(run.conclusion).toBe("failure");
  const reasons = {
    services: "The forge does not support services.",
    container: "The forge does not support container.",
    reusable: "The forge does not support reusable workflows (./.github/workflows/other.yml).",
    windows: "The forge has no runner for 'windows-latest'",
    docker: "The forge does not support container actions (docker://alpine).",
    unknown: "Unable to resolve action nobody/nothing@v1, repository not found.",
    local: "Can't find 'action.yml' or 'action.yaml' under './missing'.",
    shell: "The forge does not support the shell 'fish'",
    node: "The forge cannot give Node '12'",
    checkout: "The forge's actions/checkout does not support `submodules: true`.",
    expression: "fromJSON",
    matrix: "Matrix vector does not contain any values",
  };
  for (const [name, reason] of Object.entries(reasons)) {
    expect(log(name)).toContain(`##[error]`);
    expect(log(name)).toContain(reason);
    expect(job(name).conclusion).toBe("failure");
  }
});
