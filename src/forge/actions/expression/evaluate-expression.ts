import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import { TokenType } from "@actions/expressions/lexer";

import { fromPlain, toPlain } from "./expression-data.ts";

/** What an expression may name. Contexts are plain JSON values; functions take and give plain JSON values. */
export interface ExpressionScope {
  contexts: Readonly<Record<string, unknown>>;
  functions?: Readonly<Record<string, (...args: unknown[]) => unknown>>;
}

/** The author's mistake in an expression, worded by GitHub's lexer, parser or evaluator. */
export class ExpressionProblem extends Error {
  override readonly name = "ExpressionProblem";
}

/**
 * Evaluates the text between `${{` and `}}` with GitHub's own evaluator and gives a plain JSON value.
 * @throws ExpressionProblem where GitHub reports a template error.
 */
export function evaluateExpression(source: string, scope: ExpressionScope): unknown {
  return toPlain(evaluateToData(source, scope));
}

/** As `evaluateExpression`, but with the coercion to text that GitHub applies inside a longer string. */
export function evaluateToText(source: string, scope: ExpressionScope): string {
  return evaluateToData(source, scope).coerceString();
}

export function isTruthy(value: unknown): boolean {
  if (typeof value === "number") return value !== 0 && !Number.isNaN(value);
  return value !== null && value !== undefined && value !== false && value !== "";
}

function evaluateToData(source: string, scope: ExpressionScope): data.ExpressionData {
  const functions = functionDefinitions(scope);
  try {
    const tokens = new Lexer(source).lex().tokens.map(unescapeString);
    const expression = new Parser(tokens, Object.keys(scope.contexts), functions).parse();
    const named = new Set(tokens.map((token) => token.lexeme.toLowerCase()));
    const contexts = new data.Dictionary();
    for (const [name, value] of Object.entries(scope.contexts)) {
      if (named.has(name.toLowerCase())) contexts.add(name, fromPlain(value));
    }
    const implementations = new Map(
      functions.map((definition) => [definition.name.toLowerCase(), definition]),
    );
    return new Evaluator(expression, contexts, implementations).evaluate();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpressionProblem(`${reason} (in \`${source.trim()}\`)`, { cause: error });
  }
}

type Token = ReturnType<Lexer["lex"]>["tokens"][number];

/** The lexer of @actions/expressions 0.3.61 unescapes only the first `''` of a string. */
function unescapeString(token: Token): Token {
  if (token.type !== TokenType.STRING) return token;
  return { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") };
}

function functionDefinitions(scope: ExpressionScope): FunctionDefinition[] {
  return Object.entries(scope.functions ?? {}).map(([name, implementation]) => ({
    name,
    minArgs: 0,
    maxArgs: 255,
    call: (...args) => fromPlain(implementation(...args.map(toPlain))),
  }));
}
