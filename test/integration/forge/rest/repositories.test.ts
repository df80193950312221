import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { openForge, refusalOf, temporaryDirectory } from "../forge-fixture.ts";

async function seedDirectory(files: Record<string, string>): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(directory, path, ".."), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
}

async function openSeededForge(files: Record<string, string>) {
  const fixture = await openForge();
  const seedFrom = await seedDirectory(files);
  const repository = await fixture.forge.hub.createRepository({
    owner: fixture.ada,
    name: "seeded",
    seedFrom,
  });
  return { ...fixture, repository, place: { owner: "ada", repo: "seeded" } };
}

test("a repository is found by name in any case and by id", async () => {
  const { clientOf, ada, repository } = await openForge();
  const octokit = clientOf(ada);
  const byName = await octokit.repos.get({ owner: "ADA", repo: "Engine" });
  const byId = await octokit.request("GET /repositories/{id}", { id: repository.id });
  expect(byName.data.full_name).toBe("ada/engine");
  expect((byId.data as { full_name: string }).full_name).toBe("ada/engine");
});

test("settings are changed by administrators, and a default branch must exist", async () => {
  const { forge, clientOf, ada, repository, place } = await openSeededForge({ "README.md": "Hi\n" });
  const writer = forge.hub.createUser({ login: "writer" });
  forge.hub.addCollaborator(repository, writer, "write");
  const octokit = clientOf(ada);
  const edited = await octokit.repos.update({ ...place, description: "Seeds", delete_branch_on_merge: true });
  expect(edited.data).toMatchObject({ description: "Seeds", delete_branch_on_merge: true });
  expect(await refusalOf(octokit.repos.update({ ...place, default_branch: "trunk" }))).toMatchObject({
    status: 422,
  });
  expect(await refusalOf(clientOf(writer).repos.update({ ...place, description: "No" }))).toMatchObject({
    status: 403,
  });
  await octokit.repos.update({ ...place, archived: true });
  expect(await refusalOf(octokit.issues.create({ ...place, title: "No" }))).toEqual({
    status: 403,
    message: "Repository was archived so is read-only.",
  });
});

test("files and directories are read at a branch or commit, as JSON or raw", async () => {
  const { clientOf, ada, place } = await openSeededForge({
    "README.md": "# Héllo\n",
    "src/main.ts": "export {};\n",
    "src/deep/er.ts": "",
  });
  const octokit = clientOf(ada);
  const file = await octokit.repos.getContent({ ...place, path: "README.md" });
  expect(file.data).toMatchObject({ type: "file", encoding: "base64", size: 9, path: "README.md" });
  const { content } = file.data as { content: string };
  expect(Buffer.from(content, "base64").toString("utf8")).toBe("# Héllo\n");
  const raw = await octokit.repos.getContent({ ...place, path: "README.md", mediaType: { format: "raw" } });
  expect(raw.data).toBe("# Héllo\n");

  const listing = async (path: string) => {
    const { data } = await octokit.repos.getContent({ ...place, path, ref: "heads/main" });
    return (data as { type: string; path: string }[]).map((entry) => `${entry.type} ${entry.path}`);
  };
  expect(await listing("")).toEqual(["file README.md", "dir src"]);
  expect(await listing("src")).toEqual(["dir src/deep", "file src/main.ts"]);
  expect(await refusalOf(octokit.repos.getContent({ ...place, path: "nope" }))).toEqual({
    status: 404,
    message: "Not Found",
  });
  expect(await refusalOf(octokit.repos.getContent({ ...place, path: "README.md", ref: "nope" }))).toEqual({
    status: 404,
    message: "No commit found for the ref nope",
  });
});

test("an empty repository has no contents until the first file is written", async () => {
  const { clientOf, ada, place } = await openForge();
  const octokit = clientOf(ada);
  expect(await refusalOf(octokit.repos.getContent({ ...place, path: "" }))).toEqual({
    status: 404,
    message: "This repository is empty.",
  });
  const content = Buffer.from("first\n").toString("base64");
  const file = { ...place, path: "docs/first.md", content };
  const created = await octokit.repos.createOrUpdateFileContents({ ...file, message: "Add it" });
  expect(created.status).toBe(201);
  expect(created.data).toMatchObject({
    content: { path: "docs/first.md", size: 6 },
    commit: { message: "Add it", parents: [], author: { name: "Ada L." } },
  });
});

test("a file is replaced and removed only by someone who knows what is there", async () => {
  const { clientOf, ada, place } = await openSeededForge({ "note.txt": "one\n" });
  const octokit = clientOf(ada);
  const file = {
    ...place,
    path: "note.txt",
    content: Buffer.from("two\n").toString("base64"),
    message: "Two",
  };
  const before = (await octokit.repos.getContent({ ...place, path: "note.txt" })).data as { sha: string };
  expect(await refusalOf(octokit.repos.createOrUpdateFileContents(file))).toEqual({
    status: 422,
    message: 'Invalid request.\n\n"sha" wasn\'t supplied.',
  });
  const stale = octokit.repos.createOrUpdateFileContents({ ...file, sha: "0".repeat(40) });
  expect(await refusalOf(stale)).toMatchObject({ status: 409 });
  const updated = await octokit.repos.createOrUpdateFileContents({ ...file, sha: before.sha });
  expect(updated.status).toBe(200);
  const sha = updated.data.content?.sha ?? "";
  await octokit.repos.deleteFile({ ...place, path: "note.txt", message: "Gone", sha });
  expect(await refusalOf(octokit.repos.getContent({ ...place, path: "note.txt" }))).toMatchObject({
    status: 404,
  });
});

test("files are written where a push would be allowed, and nowhere else", async () => {
  const { forge, clientOf, clientWith, ada, repository, place } = await openSeededForge({
    "note.txt": "one\n",
  });
  const writer = forge.hub.createUser({ login: "writer" });
  forge.hub.addCollaborator(repository, writer, "write");
  forge.hub.setBranchProtection(repository, "main", {
    requiredReviews: {
      approvingCount: 1,
      dismissStale: false,
      requireCodeOwners: false,
      requireLastPushApproval: false,
    },
  });
  const file = { ...place, path: "new.txt", content: "eA==", message: "New" };
  expect(await refusalOf(clientOf(writer).repos.createOrUpdateFileContents(file))).toEqual({
    status: 409,
    message: "Could not create file: Changes must be made through a pull request.",
  });
  const elsewhere = clientOf(writer).repos.createOrUpdateFileContents({ ...file, branch: "nowhere" });
  expect(await refusalOf(elsewhere)).toEqual({ status: 404, message: "Branch nowhere not found" });
  const reader = clientWith(forge.hub.createToken({ user: ada, permissions: { contents: "read" } }).token);
  expect(await refusalOf(reader.repos.createOrUpdateFileContents(file))).toMatchObject({ status: 403 });
  const climbing = clientOf(ada).request("PUT /repos/ada/seeded/contents/a%2F..%2Fb", {
    message: "x",
    content: "",
  });
  expect(await refusalOf(climbing)).toMatchObject({ status: 422 });
});
