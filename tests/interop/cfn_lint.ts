/** AWS's own checks of CloudFormation templates, on the one in examples. */
import assert from "node:assert/strict";
import { installPython } from "./install_python.ts";

const LINTER = "cfn-lint==1.58.0";

Deno.test("cfn-lint has nothing to say about examples/automatic/template.yaml", async () => {
  const linter = await installPython(LINTER, "cfn-lint").catch(({ message }) => console.log(`skipped: ${message}`));
  if (linter === undefined) return;
  const args = ["--include-checks", "I", "--", "examples/automatic/template.yaml"];
  const { code, stdout, stderr } = await new Deno.Command(linter, { args }).output();
  assert.equal(code, 0, `${new TextDecoder().decode(stdout)}${new TextDecoder().decode(stderr)}`);
});
