import assert from "node:assert/strict";
import { wrapLine } from "../../../../src/report/live/wrap_line.ts";

const COMMAND = "aws --region us-east-1 logs tail /ecs/web --log-stream-names web/app/1";

Deno.test("wrapLine() breaks between words, keeps the indentation, and indents what continues", () => {
  assert.deepEqual(wrapLine("one two three four five", 12), ["one two", "  three", "  four five"]);
  assert.deepEqual(wrapLine("  one two three", 12), ["  one two", "    three"]);
  assert.deepEqual(wrapLine("[info] web  PRIMARY web:2 desired:2", 24), ["[info] web  PRIMARY", "  web:2 desired:2"]);
});

Deno.test("wrapLine() leaves alone what has room, and everything where the width is not known", () => {
  assert.deepEqual(wrapLine("one two", 8), ["one two"]);
  assert.deepEqual(wrapLine("one two", 7), ["one", "  two"]);
  assert.deepEqual(wrapLine("one two", 0), ["one two"]);
});

Deno.test("wrapLine() never cuts a word: a terminal copies a long one as it is", () => {
  const arn = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/web:1";
  assert.deepEqual(wrapLine(`to ${arn} now`, 20), ["to", `  ${arn}`, "  now"]);
});

Deno.test("wrapLine() keeps a command on one line, with nothing before it where it has no room behind the text", () => {
  assert.deepEqual(wrapLine(`advice: it must keep running; read the log of app: ${COMMAND}`, 40), [
    "advice: it must keep running; read the",
    "  log of app:",
    COMMAND,
  ]);
  assert.deepEqual(wrapLine("to roll back to web:4, which ran before: ecspresso rollback --revision 4", 60), [
    "to roll back to web:4, which ran before:",
    "ecspresso rollback --revision 4",
  ]);
  assert.deepEqual(wrapLine("to follow the deployment of the service: ecspresso wait", 40), [
    "to follow the deployment of the",
    "  service: ecspresso wait",
  ]);
});

Deno.test("wrapLine() takes for the command what is to be typed, not what is mentioned, nor what the program does", () => {
  const list = "ecspresso revisions --output table";
  assert.deepEqual(wrapLine(`to choose another revision (for ecspresso rollback --revision N): ${list}`, 50), [
    "to choose another revision (for ecspresso",
    "  rollback --revision N):",
    list,
  ]);
  assert.deepEqual(wrapLine("it is in progress: ecspresso stops it, and ECS goes back", 40), [
    "it is in progress: ecspresso stops it,",
    "  and ECS goes back",
  ]);
  assert.deepEqual(wrapLine("renew them (aws sso login, or assume the role)", 20), [
    "renew them",
    "(aws sso login, or assume the role)",
  ]);
});
