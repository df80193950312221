import { expect, test } from "vitest";
import { ROLES_ON_REPOSITORY } from "./policy.ts";
import { roleAtLeast } from "./role-at-least.ts";

test("every role includes itself and all weaker ones, and no stronger one", () => {
  ROLES_ON_REPOSITORY.forEach((role, strength) => {
    expect(ROLES_ON_REPOSITORY.map((least) => roleAtLeast(role, least))).toEqual(
      ROLES_ON_REPOSITORY.map((_, least) => least <= strength),
    );
  });
});
