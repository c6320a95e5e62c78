import assert from "node:assert/strict";
import { renderRevision, REVISION_COLUMNS } from "../../../src/report/revisions_text.ts";
import { renderTsv, TableLayout } from "../../../src/report/table_layout.ts";
import { revision } from "../made_up.ts";

Deno.test("TableLayout lines the first page up under its heading, and keeps to it", () => {
  const layout = new TableLayout(REVISION_COLUMNS);
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
  });
  assert.deepEqual(row, ["myservice:3", "", "1.2, sha256:0123456789ab", "", ""]);
});

Deno.test("renderTsv() lets no value make columns, lines or colours of its own", () => {
  assert.equal(renderTsv(["a\tb", "c\nd", "\x1b[31m"]), "a\\u{9}b\tc d\t\\u{1b}[31m");
});
