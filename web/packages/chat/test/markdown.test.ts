import assert from "node:assert/strict";
import { test } from "node:test";
import { inline, isSafe, markdown, type Block } from "../src/markdown";

const kinds = (blocks: Block[]) => blocks.map(({ kind }) => kind);

test("what models write becomes blocks", () => {
  const text = "# Title\n\nWords **strong** and `code`\nnext\n\n- one\n  - inner\n- two\n\n1. a\n2. b\n\n> said\n\n---\n\n| a | b |\n|:--|--:|\n| 1 | `x` |\n\n```py\nprint(1)\n```\n\n$$x^2$$\n\n\\[\n a\n\\]\nend";
  assert.deepEqual(kinds(markdown(text)), ["heading", "paragraph", "list", "list", "quote", "rule", "table", "code", "formula", "formula", "paragraph"]);
});

test("a list keeps what stands under its items", () => {
  const [list] = markdown("1. one\n   - inner\n   - more\n2. two");
  assert.ok(list?.kind === "list" && list.start === 1 && list.items.length === 2);
  assert.deepEqual(kinds(list.items[0]!.blocks), ["list"]);
});

test("code that is still being written is code to the end", () => {
  const [block] = markdown("```js\nconst a = 1;\n**not bold**");
  assert.ok(block?.kind === "code" && block.language === "js" && block.text === "const a = 1;\n**not bold**");
});

test("a table knows how its columns stand", () => {
  const [table] = markdown("| a | b | c |\n|:-:|--:|---|\n| 1 | 2 | x \\| y |");
  assert.ok(table?.kind === "table");
  assert.deepEqual(table.align, ["center", "right", null]);
  assert.equal(table.rows[0]!.length, 3);
});

test("prices are no formulas, and formulas are", () => {
  assert.deepEqual(inline("from $5 to $7 a month"), ["from $5 to $7 a month"]);
  assert.deepEqual(inline("so $x^2$ and \\(y\\)"), ["so ", { kind: "formula", text: "x^2" }, " and ", { kind: "formula", text: "y" }]);
});

test("names_with_lines stay as they are", () => {
  assert.deepEqual(inline("call my_long_name now"), ["call my_long_name now"]);
  assert.deepEqual(inline("_soft_"), [{ kind: "em", spans: ["soft"] }]);
});

test("only the web is an address", () => {
  assert.ok(isSafe("https://example.com"));
  for (const url of ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//example.com", "/admin"]) assert.ok(!isSafe(url), url);
});

test("a block whose text did not change has the same source", () => {
  const before = markdown("one\n\ntwo");
  const after = markdown("one\n\ntwo and more");
  assert.equal(before[0]!.source, after[0]!.source);
  assert.notEqual(before[1]!.source, after[1]!.source);
});

test("text of any shape is read in a moment", () => {
  for (const odd of ["*", "_", "[", "`", "$", "|", "> ", "- ", "\\(", "**a", "a* ", "[a](", "_a ", "~~a", "$a ", "  ", "http://", "|-|\n", "- a\n"]) {
    const began = performance.now();
    markdown(odd.repeat(10_000));
    assert.ok(performance.now() - began < 500, `${odd}: ${performance.now() - began} ms`);
  }
});
