import assert from "node:assert/strict";
import { renderRevision } from "../../../src/report/revisions_text.ts";
import { renderTsv, TableLayout } from "../../../src/report/table_layout.ts";
import { NO_MARKS } from "../../../src/rollout/read/read_marks.ts";
import { chosen, revision } from "../made_up.ts";

const COLUMNS = ["REVISION", "REGISTERED", "IMAGE TAGS", "IN USE BY", "LAST DEPLOYED"];

Deno.test("TableLayout lines the first page up under its heading, and keeps to it", () => {
  const layout = new TableLayout(COLUMNS);
  assert.deepEqual(layout.add([["myservice:10", "a", "b", "", ""], ["myservice:9", "", "", "x", "y"]]), [
    "REVISION      REGISTERED  IMAGE TAGS  IN USE BY  LAST DEPLOYED",
    "myservice:10  a           b",
    "myservice:9                           x          y",
  ]);
  assert.deepEqual(layout.add([["myservice:8", "", "", "x", "y"], ["a-longer-family:8", "a", "", "", ""]]), [
    "myservice:8                           x          y",
    "a-longer-family:8  a",
  ]);
});

Deno.test("renderRevision() says each image tag once, and only the beginning of a digest", () => {
  const row = renderRevision({
    revision: revision(3),
    registeredAtMs: undefined,
    imageTags: ["1.2", "1.2", `sha256:${"0123456789abcdef".repeat(4)}`],
    user: undefined,
    deployed: undefined,
  }, NO_MARKS);
  assert.deepEqual(row, ["myservice:3", "", "1.2, sha256:0123456789ab", "", "", "", ""]);
});

Deno.test("renderTsv() lets no value make columns, lines or colours of its own", () => {
  assert.equal(renderTsv(["a\tb", "c\nd", "\x1b[31m"]), "a\\u{9}b\tc d\t\\u{1b}[31m");
});

Deno.test("a row says how long a revision has served, and what rollback calls it", () => {
  const described = { registeredAtMs: undefined, imageTags: [], user: undefined, deployed: undefined };
  const marks = {
    current: revision(4),
    previous: { ...chosen(3), leavesRollback: true },
    stable: chosen(3),
    servedMs: new Map([[revision(4).arn, 59_001], [revision(3).arn, 93_600_000]]),
  };
  const lastOf = (number: number, inSeconds?: boolean) =>
    renderRevision({ ...described, revision: revision(number) }, marks, inSeconds).slice(-2);
  assert.deepEqual([4, 3, 2].map((number) => lastOf(number)), [
    ["1m", "current"],
    ["1d 2h", "previous?, stable"],
    ["", ""],
  ]);
  assert.deepEqual(lastOf(4, true), ["60", "current"]);
  const back = { ...marks, previous: chosen(4) };
  assert.equal(renderRevision({ ...described, revision: revision(4) }, back).at(-1), "current, previous");
  const unproven = { ...marks, previous: { ...chosen(3), isUnproven: true } };
  assert.equal(renderRevision({ ...described, revision: revision(3) }, unproven).at(-1), "previous?, stable");
});
