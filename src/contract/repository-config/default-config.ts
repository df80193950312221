/**
 * What `baton init` writes: everything that is usual to change, with the defaults as comments, so that the file says
 * what holds without being read beside a manual.
 */
export const DEFAULT_CONFIG_TEXT = `# Baton's policy for this repository. Baton reads it from the default branch only, so a change counts once it is
# merged. Every key but version and harness may be left out; what is commented here is the default.
# Durations: 250ms, 30s, 10m, 2h. Sizes: 500b, 100kb, 1mb. Globs: *, **, ?, [a-z], {one,two}, from the root.

version: 1

# The agent program that does the work: claude, codex, gemini or opencode, which the runner installs at the version that
# Baton was tested with; acp, any that speaks the Agent Client Protocol; command, any other, with its arguments, which
# gets its briefing on standard input and as a file.
harness:
  use: command
  run: ["node", "tools/agent.mjs"]
  # model: null

# Further ones that the workflow has the keys for: a stage gets one of them where its role prefers it.
# alternatives: []

# The label that starts work on an issue.
# trigger: baton

# Each stage can have its own role, time and harness. Roles are built in (also product-manager for plan, breaker for
# test, devops and prompt-engineer for implement) or described in .github/baton/roles/.
# stages:
#   plan: { role: planner, timeout: 10m }
#   test: { role: tester, timeout: 20m }
#   implement: { role: developer, timeout: 30m }
#   review: { role: reviewer, timeout: 15m }

# What one attempt may use up: turns of the agent, and dollars. A stage can have its own limits.
# limits: { turns: null, budget: null }

# What agents may reach and use on their runner. Without "required", a runner that cannot confine them says so in the
# record; with it, the attempt fails there. Hosts are those beside the model's; a limit of null is left to the runner.
# sandbox: { required: false, hosts: [], memory: null, processes: null, disk: null, file: null, output: null, cpu: null }

# Skills are folders with a SKILL.md in .github/baton/skills. MCP servers have an exact version, and come from npm
# (package) or are programs of the runner (run): { name: docs, package: "@example/docs-server", version: 1.2.3 }.
# skills: []
# mcp: []

# A stage that fails is tried again this often, after a pause that doubles; then a person is asked. When the model's
# provider does not answer, no attempt is counted, the pauses are longer, and a person is asked after so many outages.
# retry: { attempts: 3, outages: 10, backoff: 30s, backoff_cap: 10m }

# How risky a change is decides what it needs:
#   low     green checks
#   medium  and the approval of somebody who did not ask for the work
#   high    and, before any code is written, the approval of the plan
# The highest tier that applies wins. Below the default, a rule applies only to changes that it covers whole.
tiers:
  default: medium
  rules:
    - { tier: high, paths: [".github/**", "**/migrations/**"], labels: ["security"] }
    - { tier: low, paths: ["docs/**", "**/*.md"] }

# Whether Baton merges once everything is there, or leaves that to a person.
merge:
  automatic: false
  method: squash

# What proves the work: the repository's own checks on the pushed commit, and this command if there is one.
# Checks that are named here must be there and green; without names, whatever checks the commit has, at least one, once
# all are green and no other has come for as long as settle says.
# verify:
#   command: null
#   checks: []
#   settle: 30s
#   timeout: 60m

# What attempts may change. The tester changes only tests, the developer everything but tests. Workflows, Baton's own
# files and CODEOWNERS are protected until they are listed under unprotect.
# scope:
#   deny: []
#   unprotect: []
#   tests: ["**/test/**", "**/tests/**", "**/spec/**", "**/__tests__/**", "**/*.test.*", "**/*.spec.*", "**/*_test.*", "**/test_*"]
#   max_files: 100
#   max_bytes: 1mb

# Agents get the issue and the guidance. What somebody without write access wrote is marked as data (fence), or agents
# do not get it, and work from what maintainers say (exclude).
# briefing: { untrusted: fence }

# A runner that is silent for this long has lost its attempt.
# lease: { ttl: 90s }

# The least repository role (triage, write, maintain or admin) for each thing a person may ask for.
# permissions: { start: write, approve: write, retry: write, cancel: write, hold: write, resume: write }

# Bots whose comments are read like a person's. A bot's approval never counts.
# bots: []
`;
