import assert from "node:assert/strict";
import type { TypedOption } from "../../../../src/model/service.ts";
import { writeOption } from "../../../../src/report/messages/typed_commands.ts";
import { optionsForRest, wholeCommand } from "../../../../src/report/fleet/typed_again.ts";
import { named, stateOf } from "./named_services.ts";

/** The options of a text that has no value with a space. */
function optionsOf(text: string): TypedOption[] {
  return [...text.matchAll(/(--\S+)(?: (?!--)(\S+))?/g)].map(([, name, value]) => [name!, value]);
}

/** Options that were typed, and those of them that are typed again for other services. */
const CASES: Readonly<Record<string, string>> = {
  "--config a.yml --config b.yml --revision previous": "--revision previous",
  "--config a.yml --revision stable --dry-run --parallel 3": "--revision stable --parallel 3",
  "--log-format json --service rollback --cluster prod --revision stable": "--log-format json --revision stable",
  "--fleet fleet.yml --max-services 40 --envfile .env --assume-role-arn arn --image-tag v1 --skip-refused":
    "--image-tag v1 --skip-refused",
  "--service a --timeout 1m --revision previous --if-deployed-within 60m": "--revision previous",
  "--service-tag release=7 --on-failure undo --rollback-events DEPLOYMENT_FAILURE --plan-out plan.json":
    "--on-failure undo --rollback-events DEPLOYMENT_FAILURE",
};

for (const [typed, how] of Object.entries(CASES)) {
  Deno.test(`what is typed again of: ${typed}`, () => {
    assert.equal(optionsForRest(optionsOf(typed)).map(writeOption).join(" "), how);
  });
}

Deno.test("what was typed is whole but for what made it a dry run, with the time limit that is needed now", () => {
  const typed = optionsOf("--service a --dry-run --timeout 1m --revision previous --plan-out plan.json");
  const all = { kind: "allPlanned", isDryRun: true, atMs: 0, skipsRefused: false, typed } as const;
  const state = {
    ...stateOf(named("a", "prod")),
    all: { ...all, policy: { parallel: 1, onFailure: "stop" } },
  } as const;
  const again = "ecspresso rollback --service a";
  assert.equal(wholeCommand(state), `${again} --timeout 1m --revision previous`);
  assert.equal(wholeCommand(state, []), `${again} --revision previous`);
  assert.equal(wholeCommand(state, [["--timeout", "5m"]]), `${again} --revision previous --timeout 5m`);
});

Deno.test("a value that looks like an option stands behind the option's name, as the parser takes it", () => {
  const options = [["--alarm", "-5xx"], ["--alarm", "a b"], ["--reason", "-it leaks"], ["--config", "-"], [
    "--fast",
  ]] as const;
  assert.equal(
    options.map(writeOption).join(" "),
    "--alarm=-5xx --alarm 'a b' '--reason=-it leaks' --config - --fast",
  );
});
