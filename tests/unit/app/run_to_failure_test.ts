import assert from "node:assert/strict";
import { toFailure } from "../../../src/app/run.ts";
import { endOfFailure } from "../../../src/report/ending.ts";
import { describeFailure } from "../../../src/report/failure_text.ts";
import { MachineError } from "../../../src/host.ts";

Deno.test("a variable that is no text is a mistake of the user's", () => {
  const failure = toFailure(new MachineError({ code: "notText", variable: "AWS_SESSION_TOKEN" }));
  assert.equal(endOfFailure(failure), "config");
  assert.deepEqual(describeFailure(failure, undefined), [
    "the variable AWS_SESSION_TOKEN is not UTF-8 text: set it again, or unset it",
  ]);
});

Deno.test("few open files are no defect, and the limit is what to raise", () => {
  const [message, ...advice] = describeFailure(
    toFailure(new Error("Too many open files (os error 24): spawn")),
    undefined,
  );
  assert.equal(message, "Too many open files (os error 24): spawn");
  assert.deepEqual(advice, ["raise the limit of open files: ulimit -n 1024"]);
});

Deno.test("what nobody has foreseen is a defect, and says so", () => {
  const failure = toFailure(new TypeError("x is not a function"));
  assert.equal(failure.kind, "unforeseen");
  assert.match(describeFailure(failure, undefined)[0], /x is not a function \(this is a defect of ecspresso\)/);
});
