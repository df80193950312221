import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { readRef } from "../../../src/forge/git/read-refs.ts";
import { runGit } from "../../../src/forge/git/run-git.ts";
import { createActionsProject, type ActionsProject } from "./actions-project.ts";

const files = {
  "README.md": "# Project\n",
  "data/one.txt": "one\n",
  "data/two.txt": "two\n",

  "graph.yml": `
name: Graph
run-name: "Graph of \${{ inputs.who }} #\${{ github.run_number }}"
on: { workflow_dispatch: { inputs: { who: { default: nobody } } } }
env: { LEVEL: workflow, SHARED: "from-\${{ inputs.who }}" }
jobs:
  build:
    runs-on: ubuntu-latest
    outputs:
      version: \${{ steps.version.outputs.version }}
      text: \${{ steps.version.outputs.text }}
    steps:
      - id: version
        run: |
          echo "version=1.2.3" >> "$GITHUB_OUTPUT"
          {
            echo "text<<END"
            echo "first line"
            echo "second line"
            echo "END"
          } >> "$GITHUB_OUTPUT"
  test:
    needs: build
    runs-on: ubuntu-latest
    strategy:
      matrix:
        os: [linux, other]
        node: [20, 24]
        exclude: [{ os: other, node: 20 }]
        include: [{ os: linux, node: 24, extra: yes-please }]
    steps:
      - run: echo "\${{ matrix.os }}/\${{ matrix.node }}/\${{ matrix.extra }} of \${{ needs.build.outputs.version }}, \${{ strategy.job-index }} of \${{ strategy.job-total }}"
  report:
    name: Report for \${{ needs.build.outputs.version }}
    needs: [build, test]
    runs-on: ubuntu-latest
    env: { LEVEL: job }
    defaults: { run: { working-directory: deep/er } }
    steps:
      - run: mkdir -p deep/er
        working-directory: .
      - name: Show \${{ env.LEVEL }}
        env: { LEVEL: step, QUOTED: "it's \${{ format('{0}', 'a ''b'' ''c''') }}" }
        run: |
          echo "level=$LEVEL shared=$SHARED quoted=$QUOTED"
          echo "in $(basename "$PWD")"
          printf '%s' '\${{ toJSON(needs.build) }}'
`,

  "conditions.yml": `
on: workflow_dispatch
jobs:
  fails:
    runs-on: ubuntu-latest
    steps:
      - { id: tolerated, run: exit 3, continue-on-error: true }
      - run: echo "outcome=\${{ steps.tolerated.outcome }} conclusion=\${{ steps.tolerated.conclusion }}"
      - { id: broken, run: exit 4 }
      - { id: never, run: echo unreachable }
      - { if: failure(), run: "echo after failure of \${{ steps.broken.outcome }}" }
      - { if: always(), run: "echo status=\${{ job.status }}" }
  skipped: { needs: fails, runs-on: ubuntu-latest, steps: [{ run: echo no }] }
  downstream: { needs: skipped, runs-on: ubuntu-latest, steps: [{ run: echo no }] }
  cleanup:
    needs: [fails, skipped]
    if: always() && needs.fails.result == 'failure'
    runs-on: ubuntu-latest
    steps: [{ run: "echo results \${{ needs.fails.result }} \${{ needs.skipped.result }}" }]
  onfailure: { needs: skipped, if: failure(), runs-on: ubuntu-latest, steps: [{ run: echo handled }] }
  tolerated: { runs-on: ubuntu-latest, continue-on-error: true, steps: [{ run: exit 1 }] }
  after: { needs: tolerated, runs-on: ubuntu-latest, steps: [{ run: "echo \${{ needs.tolerated.result }}" }] }
`,

  "commands.yml": `
on: workflow_dispatch
jobs:
  speak:
    runs-on: ubuntu-latest
    outputs: { leaked: "\${{ steps.leak.outputs.leaked }}", plain: fine }
    steps:
      - run: |
          echo "FROM_FILE=set by file" >> "$GITHUB_ENV"
          echo "$PWD/tools" >> "$GITHUB_PATH"
          mkdir tools && printf '#!/bin/sh\\necho tool ran\\n' > tools/my-tool && chmod +x tools/my-tool
          echo "## Summary of \${{ github.job }}" >> "$GITHUB_STEP_SUMMARY"
      - run: |
          echo "env: $FROM_FILE \${{ env.FROM_FILE }}"
          my-tool
      - run: |
          echo "::group::A group"
          echo "::error file=src/a.ts,line=3,endLine=4,col=2,title=Bad::first%0Asecond"
          echo "::warning::careful"
          echo "::notice file=README.md::noted"
          echo "::endgroup::"
          echo "::stop-commands::token123"
          echo "::error::not an error"
          echo "::token123::"
          echo "::add-mask::hidden-value"
          echo "the hidden-value is hidden, and so is \${{ secrets.API_KEY }} and $(printf %s "$KEY" | base64)"
        env: { KEY: "\${{ secrets.API_KEY }}" }
      - { id: leak, run: 'echo "leaked=\${{ secrets.API_KEY }}" >> "$GITHUB_OUTPUT"' }
      - { run: "console.log('node', 6 * 7, process.env.GITHUB_JOB)", shell: "node {0}" }
      - { run: "echo sh $0 | sed 's/ .*//'", shell: sh }
      - { run: "false | true; echo no pipefail" }
      - { run: "false | true; echo never", shell: bash, continue-on-error: true }
      - run: echo "\${{ vars.COLOUR }} \${{ hashFiles('nothing/**') == '' }}"
      - { id: old, run: 'echo "::set-output name=way::of old"' }
      - { run: 'echo "::set-env name=WAY::\${{ steps.old.outputs.way }}"', continue-on-error: true }
      - { run: 'echo "NODE_OPTIONS=--inspect" >> "$GITHUB_ENV"', continue-on-error: true }
      - { if: "env.OWN == 'seen'", env: { OWN: seen }, run: echo "own variable seen by if" }
`,

  "environment.yml": `
on: workflow_dispatch
jobs:
  look:
    runs-on: ubuntu-latest
    steps:
      - run: env | sort
      - run: |
          test -s "$GITHUB_EVENT_PATH" && node -e 'const e=require(process.env.GITHUB_EVENT_PATH); console.log("event of", e.repository.full_name, e.sender.login)'
          echo "home=$HOME workspace=$GITHUB_WORKSPACE pwd=$PWD"
          test "$PWD" = "$GITHUB_WORKSPACE" && ls -A "$HOME" "$PWD" | wc -w
`,

  "actions.yml": `
on: workflow_dispatch
jobs:
  use:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@1234567890123456789012345678901234567890
        id: node
        with: { node-version: 24.x }
      - run: node --version && echo "step says \${{ steps.node.outputs.node-version }}" && cat README.md && git log --oneline | wc -l
      - uses: ./.github/actions/greet
        id: greet
        with: { who: Mona }
      - run: echo "greeting=\${{ steps.greet.outputs.greeting }} hash=\${{ hashFiles('data/*.txt') != '' }}"
      - uses: octo/tool/js@v1
        id: js
        with: { text: "shout this", unknown: x }
      - run: echo "js said \${{ steps.js.outputs.shouted }}, and post is still to come"
`,
  "checkout.yml": `
on: { workflow_dispatch: { inputs: { branch: { default: side } } } }
permissions: { contents: write }
jobs:
  out:
    runs-on: ubuntu-latest
    steps:
      - name: Move the branch on while the job runs
        env: { TOKEN: "\${{ github.token }}" }
        shell: node {0}
        run: |
          const body = JSON.stringify({ message: "Moved on", content: "bGF0ZXI=", branch: "main" });
          const headers = { authorization: "Bearer " + process.env.TOKEN };
          const address = process.env.GITHUB_API_URL + "/repos/" + process.env.GITHUB_REPOSITORY + "/contents/moved-" + process.env.GITHUB_RUN_ID;
          fetch(address, { method: "PUT", headers, body }).then((answer) => console.log("moved", answer.status));
      - uses: actions/checkout@v4
      - run: echo "shallow $(git rev-parse HEAD) $(git rev-list --count HEAD) $(git symbolic-ref --short HEAD)"
      - uses: actions/checkout@v4
        with: { fetch-depth: 0, path: whole }
      - run: echo "whole $(git rev-parse HEAD) $(git symbolic-ref --short HEAD) $(git tag) $(git branch -r | xargs)"
        working-directory: whole
      - uses: actions/checkout@v4
        with: { ref: "\${{ inputs.branch }}", path: side, persist-credentials: false }
      - run: echo "side $(cat README.md) $(git config --get-regexp extraheader || echo no credentials)"
        working-directory: side
      - uses: actions/checkout@v4
        with: { repository: octo/tool, ref: v1, path: tool }
      - run: "cd tool && ls && git -C .. push origin HEAD:refs/heads/pushed 2>&1 && (sleep 30 & echo background)"
      - { run: echo, working-directory: nowhere, continue-on-error: true }
      - { uses: actions/checkout@v4, with: { ref: absent }, continue-on-error: true }
`,
  ".github/actions/greet/action.yml": `
name: Greet
description: Greets someone
inputs: { who: { required: true }, how: { default: Hello } }
outputs: { greeting: { value: "\${{ steps.say.outputs.text }}" } }
runs:
  using: composite
  steps:
    - id: say
      shell: bash
      run: echo "text=\${{ inputs.how }} \${{ inputs.who }} from $(basename '\${{ github.action_path }}')" >> "$GITHUB_OUTPUT"
    - { if: failure(), shell: bash, run: echo never }
    - { shell: bash, run: "echo secrets are out of reach: '\${{ inputs.secret }}'" }
`,

  "artifacts.yml": `
on: workflow_dispatch
jobs:
  make:
    runs-on: ubuntu-latest
    steps:
      - run: mkdir -p out/sub && echo alpha > out/a.txt && echo beta > out/sub/b.txt && echo log > out/debug.log && echo h > out/.hidden
      - id: upload
        uses: actions/upload-artifact@v4
        with:
          name: result
          path: |
            out/
            !out/*.log
      - uses: actions/upload-artifact@v4
        with: { name: single, path: out/debug.log }
      - run: echo "id \${{ steps.upload.outputs.artifact-id != '' }} digest \${{ steps.upload.outputs.artifact-digest != '' }}"
      - { uses: actions/upload-artifact@v4, with: { name: result, path: out/a.txt }, continue-on-error: true }
      - { uses: actions/upload-artifact@v4, with: { name: none, path: missing/, if-no-files-found: error }, continue-on-error: true }
  take:
    needs: make
    runs-on: ubuntu-latest
    steps:
      - { uses: actions/download-artifact@v4, with: { name: result, path: got } }
      - run: find got -type f | sort && cat got/a.txt got/sub/b.txt
      - { uses: actions/download-artifact@v4, with: { path: all } }
      - run: find all -type f | sort
      - { uses: actions/download-artifact@v4, with: { name: absent } }
`,
};

const tool = {
  "js/action.yml": `
name: Shout
description: Shouts
inputs: { text: { required: true }, mark: { default: "!" } }
outputs: { shouted: { description: the text } }
runs: { using: node20, pre: pre.js, main: main.js, post: post.js }
`,
  "js/pre.js": `console.log("pre", process.env.INPUT_TEXT); require("fs").appendFileSync(process.env.GITHUB_STATE, "begun=yes\\n");`,
  "js/main.js": `
const fs = require("fs");
console.log("main, pre has begun:", process.env.STATE_begun);
fs.appendFileSync(process.env.GITHUB_OUTPUT, "shouted=" + process.env.INPUT_TEXT.toUpperCase() + process.env.INPUT_MARK + "\\n");
fs.appendFileSync(process.env.GITHUB_STATE, "spoken=" + process.env.INPUT_TEXT + "\\n");
`,
  "js/post.js": `console.log("post, main had spoken:", process.env.STATE_spoken, process.env.GITHUB_ACTION_REPOSITORY);`,
};

let project: ActionsProject;

beforeAll(async () => {
  project = await createActionsProject(files, { settings: { parallelJobs: 4 } });
  const { engine, repository } = project;
  await project.addRepository("tool", tool, ["v1"]);
  engine.setVariable({ repositoryId: repository.id, kind: "secret", name: "api_key", value: "s3cr3t-k3y" });
  engine.setVariable({ repositoryId: repository.id, kind: "variable", name: "COLOUR", value: "blue" });
});

afterAll(async () => {
  expect(project.witness.problems).toEqual([]);
  await project.close();
});

test("jobs hand outputs to those that need them, through a matrix", async () => {
  const { run, jobs, log } = await project.run("graph.yml", { who: "mona" });
  expect(run).toMatchObject({ conclusion: "success", displayTitle: "Graph of mona #1", name: "Graph" });
  expect(jobs.map((job) => job.name).sort()).toEqual([
    "Report for 1.2.3",
    "build",
    "test (linux, 20)",
    "test (linux, 24, yes-please)",
    "test (other, 24)",
  ]);
  expect(log("test (linux, 24, yes-please)")).toContain("linux/24/yes-please of 1.2.3, 1 of 3");
  const report = log("Report for 1.2.3");
  expect(report).toContain("level=step shared=from-mona quoted=it's a 'b' 'c'");
  expect(report).toContain("in er");
  expect(report).toContain('"text": "first line\\nsecond line"');
});

test("failures, conditions and tolerated failures decide what runs", async () => {
  const { run, job, log } = await project.run("conditions.yml");
  expect(run.conclusion).toBe("failure");
  const conclusions = ["fails", "skipped", "downstream", "cleanup", "onfailure", "tolerated", "after"].map(
    (name) => [name, job(name).conclusion],
  );
  expect(Object.fromEntries(conclusions)).toEqual({
    fails: "failure",
    skipped: "skipped",
    downstream: "skipped",
    cleanup: "success",
    onfailure: "success",
    tolerated: "failure",
    after: "success",
  });
  expect(log("fails")).toContain("outcome=failure conclusion=success");
  expect(log("fails")).toContain("##[error]Process completed with exit code 4.");
  expect(log("fails")).toContain("after failure of failure\n");
  expect(log("fails")).toContain("status=failure");
  expect(log("fails")).not.toContain("\nunreachable");
  expect(log("cleanup")).toContain("results failure skipped");
  expect(log("after")).toContain("\nsuccess\n");
  expect(job("fails").steps.map((step) => [step.number, step.name, step.conclusion])).toEqual([
    [1, "Set up job", "success"],
    [2, "Run exit 3", "success"],
    [3, 'Run echo "outcome=failure conclusion=success"', "success"],
    [4, "Run exit 4", "failure"],
    [5, "Run echo unreachable", "skipped"],
    [6, "Run echo after failure of failure", "success"],
    [7, "Run echo status=failure", "success"],
    [8, "Complete job", "success"],
  ]);
});

describe("steps speak to the runner", () => {
  test("through files and commands, with secrets masked", async () => {
    const { run, job, log } = await project.run("commands.yml");
    const text = log("speak");
    expect(run.conclusion).toBe("success");
    expect(text).toContain("env: set by file set by file\ntool ran");
    expect(text).toContain(
      "##[group]A group\n##[error]first\nsecond\n##[warning]careful\n##[notice]noted\n##[endgroup]",
    );
    expect(text).toContain("\n::error::not an error\n");
    expect(text).toContain("the *** is hidden, and so is *** and ***");
    expect(text).not.toContain("s3cr3t-k3y");
    expect(text).toContain("node 42 speak");
    expect(text).toContain("no pipefail");
    expect(text).not.toContain("\nnever");
    expect(text).toContain("blue true");
    expect(text).toContain("The `set-output` command is deprecated.");
    expect(text).toContain("::set-env name=WAY::of old");
    expect(text).toContain("##[error]The `set-env` command is disabled.");
    expect(text).toContain("##[error]Unable to process file command: Can't store NODE_OPTIONS");
    expect(text).toContain("\nown variable seen by if\n");
    expect(job("speak").outputs).toEqual({ plain: "fine" });
    expect(text).toContain("Skip output 'leaked' since it may contain secret.");
    const { output } = project.forge.hub.store.checkRuns.require(job("speak").checkRunId);
    expect(output.annotations).toMatchObject([
      {
        level: "failure",
        path: "src/a.ts",
        startLine: 3,
        endLine: 4,
        startColumn: 2,
        title: "Bad",
        message: "first\nsecond",
      },
      { level: "warning", path: ".github", message: "careful" },
      { level: "notice", path: "README.md", startLine: 1, message: "noted" },
      { level: "failure", path: ".github", message: "Process completed with exit code 1." },
      { level: "failure", message: expect.stringContaining("disabled") as string },
      { level: "failure", message: expect.stringContaining("NODE_OPTIONS") as string },
    ]);
    expect(project.summary(job("speak").id)).toBe("## Summary of speak\n\n");
  });

  test("and get an environment of their own, with nothing of the forge's", async () => {
    process.env["FORGE_TEST_CANARY"] = "must not leak";
    const { log } = await project.run("environment.yml");
    const text = log("look");
    const names = [...text.matchAll(/^([A-Z_a-z]+)=/gm)].map(([, name]) => name);
    expect(names).not.toContain("FORGE_TEST_CANARY");
    expect(names.filter((name) => name?.startsWith("npm_") || name?.startsWith("VITEST"))).toEqual([]);
    expect(text).toContain("GITHUB_ACTIONS=true");
    expect(text).toContain("GITHUB_REF=refs/heads/main");
    expect(text).toContain(
      "GITHUB_WORKFLOW_REF=octo/project/.github/workflows/environment.yml@refs/heads/main",
    );
    expect(names).not.toContain("GITHUB_TOKEN");
    expect(text).toContain("event of octo/project octo");
    expect(text).toMatch(/workspace=\S+\/work\/project\/project pwd=/);
  });
});

test("actions: built in, composite from the workspace, JavaScript with pre and post from another repository", async () => {
  const { run, job, log } = await project.run("actions.yml");
  const text = log("use");
  expect(run.conclusion, text).toBe("success");
  expect(text).toContain(`${process.version}\nstep says ${process.version}\n# Project\n1\n`);
  expect(text).toContain("the Node that runs the forge");
  expect(text).toContain("greeting=Hello Mona from greet hash=true");
  expect(text).toContain("secrets are out of reach: ''");
  expect(text).toContain("pre shout this\n");
  expect(text).toContain("main, pre has begun: yes");
  expect(text).toContain("Unexpected input(s) 'unknown', valid inputs are ['text', 'mark']");
  expect(text).toContain("js said SHOUT THIS!, and post is still to come");
  expect(text).toContain("post, main had spoken: shout this octo/tool");
  expect(job("use").steps.map((step) => step.name)).toEqual([
    "Set up job",
    "Pre Run octo/tool/js@v1",
    "Run actions/checkout@v4",
    "Run actions/setup-node@1234567890123456789012345678901234567890",
    'Run node --version && echo "step says v24.21.0" && cat README.md && git log --oneline | wc -l'.replace(
      "v24.21.0",
      process.version,
    ),
    "Run ./.github/actions/greet",
    'Run echo "greeting=Hello Mona from greet hash=true"',
    "Run octo/tool/js@v1",
    'Run echo "js said SHOUT THIS!, and post is still to come"',
    "Post Run octo/tool/js@v1",
    "Post Run actions/checkout@v4",
    "Complete job",
  ]);
});

test("checkout takes the run's own commit, a branch, a tag, whole or shallow", async () => {
  const { hub } = project.forge;
  const gitDirectory = hub.gitDirectory(project.repository.id);
  await runGit(gitDirectory, ["tag", "v0"]);
  await runGit(gitDirectory, ["branch", "side"]);
  const { run, log } = await project.run("checkout.yml");
  const text = log("out");
  expect(run.conclusion, text).toBe("success");
  expect(text).toContain("moved 201");
  expect(text).toContain(`shallow ${run.headSha} 1 main`);
  expect(text).toContain(`whole ${run.headSha} main v0 origin/main origin/side`);
  expect(text).toContain("side # Project no credentials");
  expect(text).toContain("\njs\n");
  expect(text).toContain("\nbackground\n");
  expect(text).toMatch(/The working directory '\S+nowhere' does not exist/);
  expect(text).toContain("A branch or tag with the name 'absent' could not be found");
  expect(text).not.toContain("AUTHORIZATION: basic eC1");
  expect(await readRef(gitDirectory, "refs/heads/pushed")).toBe(run.headSha);
});

test("artifacts go from job to job", async () => {
  const { run, job, log } = await project.run("artifacts.yml");
  expect(log("make")).toContain("id true digest true");
  expect(log("make")).toContain("(409) Conflict: an artifact with this name already exists");
  expect(log("make")).toContain("##[error]No files were found with the provided path: missing/");
  expect(log("take")).toContain("got/a.txt\ngot/sub/b.txt\nalpha\nbeta\n");
  expect(log("take")).toContain("all/result/a.txt\nall/result/sub/b.txt\nall/single/debug.log\n");
  expect(log("take")).toContain(
    "##[error]Unable to download artifact(s): Artifact not found for name: absent",
  );
  expect([job("make").conclusion, job("take").conclusion]).toEqual(["success", "failure"]);
  expect(run.conclusion).toBe("failure");
});
