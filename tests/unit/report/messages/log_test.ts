import assert from "node:assert/strict";
import { onOneLine } from "../../../../src/report/messages/log.ts";

Deno.test("onOneLine() lets no text forge a line or drive the terminal", () => {
  assert.equal(onOneLine("a\r\nb\nc"), "a b c");
  assert.equal(onOneLine("\x1b[31mred\x07\x9b"), "\\u{1b}[31mred\\u{7}\\u{9b}");
  assert.equal(onOneLine("日本 🍣"), "日本 🍣");
});
