import { describe, expect, test } from "vitest";
import { createSpending, type Admission } from "./spending.ts";

function admitted(answer: { readonly kind: string }): Admission {
  expect(answer.kind).toBe("admitted");
  return answer as Admission;
}

describe("a budget of 100", () => {
  test("lets through side by side what fits, and one at a time what may not", async () => {
    const spent = 0;
    const spending = createSpending({ budgetMicroUsd: 100, spent: () => spent });
    const order: string[] = [];
    const first = admitted(await spending.admit(60));
    const second = admitted(await spending.admit(40));
    const third = spending.admit(10).then((answer) => {
      order.push("third");
      return answer;
    });
    const endless = spending.admit(Number.POSITIVE_INFINITY).then((answer) => {
      order.push("endless");
      return answer;
    });
    second.settle();
    const allowed = admitted(await third);
    expect(order).toEqual(["third"]);
    first.settle();
    allowed.settle();
    admitted(await endless).settle();
    expect(order).toEqual(["third", "endless"]);
  });

  test("says no as soon as it is spent, to those that wait as well", async () => {
    let spent = 99;
    const spending = createSpending({ budgetMicroUsd: 100, spent: () => spent });
    const first = admitted(await spending.admit(50));
    const waiting = spending.admit(50);
    spent = 100;
    first.settle();
    first.settle();
    expect(await waiting).toEqual({ kind: "spent" });
    expect(await spending.admit(0)).toEqual({ kind: "spent" });
  });

  test("answers all that wait once it is closed", async () => {
    const spending = createSpending({ budgetMicroUsd: 100, spent: () => 0 });
    await spending.admit(90);
    const waiting = spending.admit(90);
    spending.close();
    expect(await waiting).toEqual({ kind: "closed" });
    expect(await spending.admit(1)).toEqual({ kind: "closed" });
  });
});

test("without a budget nothing waits", async () => {
  const spending = createSpending({ budgetMicroUsd: null, spent: () => 1e12 });
  const answers = await Promise.all([1, 2, 3].map(() => spending.admit(Number.POSITIVE_INFINITY)));
  expect(answers.map(({ kind }) => kind)).toEqual(["admitted", "admitted", "admitted"]);
});
