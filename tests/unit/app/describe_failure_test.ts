import assert from "node:assert/strict";
import { describeFailure } from "../../../src/app/describe_failure.ts";
import { exitCodeOf } from "../../../src/errors.ts";
import { NotText } from "../../../src/host/variables.ts";

Deno.test("a variable that is no text is a mistake of the user's", () => {
  const error = new NotText("AWS_SESSION_TOKEN");
  const { kind, message } = describeFailure(error, undefined);
  assert.deepEqual([kind, exitCodeOf(error)], ["config", 3]);
  assert.equal(message, "the variable AWS_SESSION_TOKEN is no UTF-8 text: set it anew, or unset it");
});

Deno.test("few open files are no defect, and the limit is what to raise", () => {
  const { message, advice } = describeFailure(new Error("Too many open files (os error 24): spawn"), undefined);
  assert.equal(message, "Too many open files (os error 24): spawn");
  assert.deepEqual(advice, ["raise the limit of open files: ulimit -n 1024"]);
});

Deno.test("what nobody has foreseen is a defect, and says so", () => {
  const { kind, message } = describeFailure(new TypeError("x is not a function"), undefined);
  assert.equal(kind, "unforeseen");
  assert.match(message, /x is not a function \(this is a defect of ecspresso\)/);
});
