import { describe, expect, test } from "vitest";
import { parseGitHubRemote } from "./github-remote.ts";

describe("reading a git remote's address", () => {
  test.each([
    ["https://github.com/octo/hello.git", "octo", "hello", "https://api.github.com", true],
    ["https://github.com/octo/hello", "octo", "hello", "https://api.github.com", true],
    ["https://user:pass@github.com/octo/hello.git/", "octo", "hello", "https://api.github.com", true],
    ["git@github.com:octo/hello.git", "octo", "hello", "https://api.github.com", false],
    ["ssh://git@github.com/octo/hello.git", "octo", "hello", "https://api.github.com", false],
    ["git@code.corp:octo/hello.js.git", "octo", "hello.js", "https://code.corp/api/v3", false],
    ["ssh://git@code.corp:2222/octo/hello", "octo", "hello", "https://code.corp/api/v3", false],
    ["https://code.corp/octo/hello.git", "octo", "hello", "https://code.corp/api/v3", true],
    ["http://127.0.0.1:4000/octo/hello.git", "octo", "hello", "http://127.0.0.1:4000/api/v3", true],
    ["https://team.ghe.com/octo/hello", "octo", "hello", "https://api.team.ghe.com", true],
  ])("%s", (address, owner, name, apiUrl, http) => {
    expect(parseGitHubRemote(address)).toEqual({ owner, name, apiUrl, http });
  });

  test.each([
    "/srv/git/hello.git",
    "../hello.git",
    "file:///srv/octo/hello.git",
    "https://github.com/hello.git",
    "https://gitlab.example/group/sub/hello.git",
    "https://github.com/../hello",
    "",
  ])("%j is no repository on GitHub", (address) => {
    expect(parseGitHubRemote(address)).toBeNull();
  });
});
