// Evaluates expressions with GitHub's own package, @actions/expressions (actions/languageservices).
// Each line of standard input is {"text": ..., "data": {context: value}}; the answer is one line:
// {"value": ...}, or {"error": "parse" | "evaluation", "message": ...}. Numbers JSON lacks are {"number": "NaN"}.
import { createInterface } from "node:readline";
import { Evaluator, Lexer, Parser, data } from "@actions/expressions";

function toData(value) {
  if (value === null) return new data.Null();
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })));
}

function toPlain(value) {
  switch (value.kind) {
    case data.Kind.Null:
      return null;
    case data.Kind.Array:
      return value.values().map(toPlain);
    case data.Kind.Dictionary:
      return Object.fromEntries(value.pairs().map(({ key, value: item }) => [key, toPlain(item)]));
    case data.Kind.Number:
      return Number.isFinite(value.value) ? value.value : { number: String(value.value) };
    default:
      return value.value;
  }
}

function answer({ text, data: contexts }) {
  let tree;
  try {
    tree = new Parser(new Lexer(text).lex().tokens, Object.keys(contexts), []).parse();
  } catch (error) {
    return { error: "parse", message: error.message };
  }
  if (tree === undefined) return { error: "parse", message: "nothing there" };
  try {
    return { value: toPlain(new Evaluator(tree, toData(contexts)).evaluate()) };
  } catch (error) {
    return { error: "evaluation", message: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
}
