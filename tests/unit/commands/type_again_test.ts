import assert from "node:assert/strict";
import { typeAgain } from "../../../src/commands/type_again.ts";

/** What was typed, and what of it is typed again for other services. */
const CASES: Readonly<Record<string, string>> = {
  "rollback --config a.yml --config b.yml --revision previous": "--revision previous",
  "--config=a.yml rollback --revision=stable --dry-run --parallel 3": "--revision=stable --parallel 3",
  "--log-format json rollback --service rollback --cluster prod --revision stable":
    "--log-format json --revision stable",
  "rollback --fleet fleet.yml --max-services 40 --envfile .env --assume-role-arn arn --image-tag v1 --skip-refused":
    "--image-tag v1 --skip-refused",
  "rollback --service a* --timeout 1m --revision previous --if-deployed-within=60m": "--revision previous",
  "deploy --service-tag release=7 --on-failure undo --rollback-events DEPLOYMENT_FAILURE":
    "--on-failure undo --rollback-events DEPLOYMENT_FAILURE",
};

for (const [typed, how] of Object.entries(CASES)) {
  Deno.test(`what is typed again of: ${typed}`, () => {
    assert.equal(typeAgain(typed.split(" ")).how.join(" "), how);
  });
}

Deno.test("a command that is given again has a moment in place of how long ago that was", () => {
  const at = Date.UTC(2023, 0, 1, 12);
  for (const typed of ["--at -2h", "--at=-2h"]) {
    const { all, how } = typeAgain(`--dry-run rollback --service a* ${typed} --plan-out plan.json`.split(" "), at);
    assert.equal(all.join(" "), "rollback --service a* --at 2023-01-01T12:00:00.000Z");
    assert.equal(how.join(" "), "--at 2023-01-01T12:00:00.000Z");
  }
});

Deno.test("whether a time limit was given is known", () => {
  assert.equal(typeAgain(["rollback", "--timeout=1m"]).givesTimeout, true);
  assert.equal(typeAgain(["rollback", "--reason", "timeout"]).givesTimeout, false);
});
