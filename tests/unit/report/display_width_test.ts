import assert from "node:assert/strict";
import { countRows, cutToWidth, displayWidth, wrapAtWords } from "../../../src/report/display_width.ts";

const FAMILY = "👨‍👩‍👧";

Deno.test("displayWidth() counts what a terminal draws at most", () => {
  const widths: Record<string, number> = {
    "": 0,
    abc: 3,
    寿司: 4,
    "ｶﾅ": 2,
    "🍣": 2,
    "e\u0301": 1,
    "❤️": 2,
    "🇯🇵": 4,
    // One emoji on some terminals, three beside each other on others.
    [FAMILY]: 6,
  };
  for (const [text, width] of Object.entries(widths)) assert.equal(displayWidth(text), width, text);
});

Deno.test("cutToWidth() keeps whole characters only", () => {
  assert.equal(cutToWidth("myservice", 4), "myse");
  assert.equal(cutToWidth("寿司屋", 5), "寿司");
  assert.equal(cutToWidth("寿司屋", 1), "");
  assert.equal(cutToWidth(`a${FAMILY}b`, 6), "a");
  assert.equal(cutToWidth(`a${FAMILY}b`, 7), `a${FAMILY}`);
  assert.equal(cutToWidth("e\u0301e\u0301", 1), "e\u0301");
  assert.equal(cutToWidth("myservice", 0), "");
});

Deno.test("countRows() knows how a narrower terminal breaks a line", () => {
  assert.equal(countRows("", 10), 1);
  assert.equal(countRows("1234567890", 10), 1);
  assert.equal(countRows("12345678901", 10), 2);
  // Nothing wide is cut in two: a column stays empty at the end of each row.
  assert.equal(countRows("寿司寿司寿司", 5), 3);
  assert.equal(countRows("寿司", 1), 2);
});

Deno.test("wrapAtWords() breaks between words, and only what is too long for a line within one", () => {
  assert.deepEqual(wrapAtWords("the image of container app", 12), ["the image of", "container", "app"]);
  assert.deepEqual(wrapAtWords("short", 12), ["short"]);
  assert.deepEqual(wrapAtWords("", 12), []);
  assert.deepEqual(wrapAtWords("see arn:aws:ecs:task/1 now", 10), ["see", "arn:aws:ec", "s:task/1", "now"]);
  assert.deepEqual(wrapAtWords("寿司 寿司屋", 5), ["寿司", "寿司", "屋"]);
  assert.deepEqual(wrapAtWords("a 寿", 1), ["a"], "nothing has room");
});
