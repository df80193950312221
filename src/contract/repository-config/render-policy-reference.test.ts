import { readFile } from "node:fs/promises";
import { format } from "prettier";
import { expect, test } from "vitest";
import { withRegion } from "../../../test/support/docs-region.ts";
import { configJsonSchema } from "./config-json-schema.ts";
import { PROTECTED_GLOBS } from "./config-schema.ts";
import { parseRepositoryConfig } from "./parse-repository-config.ts";
import { renderPolicyReference } from "./render-policy-reference.ts";

const docs = new URL("../../../docs/", import.meta.url);

/** `vitest run src/contract/repository-config --update` brings the page and the schema up to date. */
test("docs/policy.md tells every key, its default and what is protected", async () => {
  const path = new URL("policy.md", docs);
  const protectedList = PROTECTED_GLOBS.map((glob) => `- \`${glob}\``).join("\n");
  const page = await withRegion(await readFile(path, "utf8"), "protected", protectedList);
  await expect(await withRegion(page, "keys", renderPolicyReference())).toMatchFileSnapshot(path.pathname);
});

test("docs/policy.schema.json is the schema that the reader uses", async () => {
  const text = await format(JSON.stringify(configJsonSchema()), { parser: "json", printWidth: 110 });
  await expect(text).toMatchFileSnapshot(new URL("policy.schema.json", docs).pathname);
});

test("the example of docs/policy.md is valid", async () => {
  const page = await readFile(new URL("policy.md", docs), "utf8");
  const [, example = ""] = /```yaml\n(version: 1\n[^`]*)```/u.exec(page) ?? [];
  expect(parseRepositoryConfig(example).ok).toBe(true);
});
