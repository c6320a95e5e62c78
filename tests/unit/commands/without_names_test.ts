import assert from "node:assert/strict";
import { withoutNames } from "../../../src/commands/without_names.ts";

const CASES: Readonly<Record<string, string>> = {
  "rollback --config a.yml --config b.yml --revision previous": "--revision previous",
  "--config=a.yml rollback --revision=stable --dry-run --parallel 3": "--revision=stable --parallel 3",
  "--timeout 5m --log-format json rollback --service rollback --cluster prod --at -2h":
    "--timeout 5m --log-format json --at -2h",
  "rollback --fleet fleet.yml --max-services 40 --envfile .env --assume-role-arn arn --image-tag v1 --skip-refused":
    "--image-tag v1 --skip-refused",
  "deploy --service-tag release=7 --on-failure undo --rollback-events DEPLOYMENT_FAILURE":
    "--on-failure undo --rollback-events DEPLOYMENT_FAILURE",
};

for (const [typed, kept] of Object.entries(CASES)) {
  Deno.test(`what is typed again of: ${typed}`, () => {
    assert.equal(withoutNames(typed.split(" ")).join(" "), kept);
  });
}
