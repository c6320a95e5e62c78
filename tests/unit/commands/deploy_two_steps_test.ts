import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { failsToStart, healthy } from "../../emulator/behaviours.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";

/** The script of two steps in docs/ci.md: `rollback --revision previous` after a deploy that ended with 6. */

const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
const DEPLOYS: [string, string, number][] = [
  ["a new revision", "deploy", 5],
  ["the same one once more", "deploy --skip-task-definition --no-update-service --force-new-deployment", 4],
];

for (const [what, deploy, revision] of DEPLOYS) {
  for (const afterMs of [0, 600_000]) {
    const when = afterMs === 0 ? "while ECS goes back" : "when ECS has gone back";
    Deno.test(`after a deploy of ${what} that the breaker turns back, previous stays there: ${when}`, async () => {
      const emulator = myservice({ service: BREAKER });
      const options = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
      emulator.setBehaviour(`myservice:${revision}`, failsToStart("no"));
      assert.equal((await runInProcess(emulator, deploy.split(" "), options)).code, 6);
      emulator.setBehaviour(`myservice:${revision}`, healthy());
      emulator.advance(afterMs);
      const { code } = await runInProcess(emulator, ["rollback", "--revision", "previous"], options);
      assert.equal(code, 0);
      assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, "myservice:4");
    });
  }
}
