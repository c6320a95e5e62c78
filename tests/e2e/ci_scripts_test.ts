import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../definition_files.ts";
import { cannotPullContainer } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { actAfter } from "../emulator/faults.ts";
import { myservice, taskDefinition } from "../emulator/myservice.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { runScript, withServer } from "./cli_process.ts";

/** What teams write into their CI, run by bash with `ecspresso` on the PATH. */

/** As the reference has it for GitHub Actions, to the letter. */
const REFERENCE_SCRIPT = `# デプロイを実行
ecspresso deploy --config ecspresso.yml || {
# デプロイが失敗した場合、ロールバック
echo "Deployment failed, rolling back..."
PREVIOUS_REVISION=$(ecspresso revisions --config ecspresso.yml | sort -n | tail -2 | head -1)
ecspresso rollback --config ecspresso.yml --revision $PREVIOUS_REVISION
exit 1
}`;

const PAGE = await Deno.readTextFile(new URL("../../docs/ci.md", import.meta.url));

/** The script of docs/ci.md that rolls back in a second step. */
function readSafeScript(): string {
  const scripts = [...PAGE.matchAll(/^```sh\n([^]*?)^```$/gm)].map((match) => match[1]!);
  const safe = scripts.filter((script) => script.includes("--revision previous"));
  assert.equal(safe.length, 1, "docs/ci.md has one script that goes back to the previous revision");
  return safe[0]!;
}

/** The steps of the workflows in docs/ci.md that run the program. */
function readSteps(): string[] {
  return [...PAGE.matchAll(/^ +(?:- )?run: (.*\becspresso (?:deploy|rollback).*)$/gm)].map((match) => match[1]!);
}

const IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/myservice:1.4.0";
const ignore = Deno.build.os === "windows";
/** What reads the last event of the deploy. */
const hasJq = await new Deno.Command("jq", { args: ["--version"], stdout: "null", stderr: "null" }).output()
  .then(({ success }) => success, () => false);
const withoutJq = ignore || !hasJq;
const unlessJq = hasJq ? "" : " (jq is not on this machine)";

/** Revisions 3 and 4 were deployed well; what is registered next has an image that is not there. */
function worldWithBreaker(rollback: boolean): Emulator {
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback } };
  const emulator = myservice({ service: { deploymentConfiguration } });
  emulator.setBehaviour("myservice:5", cannotPullContainer(IMAGE));
  return emulator;
}

async function runIn(emulator: Emulator, script: string, env: Record<string, string> = { TAG: "1.4.0" }) {
  let ended: Awaited<ReturnType<typeof runScript>> | undefined;
  await withServer(emulator, async ({ url }) => {
    ended = await runScript(url, script, { files: DEFINITION_FILES, env });
  });
  const { taskDefinition } = emulator.state().services["default/myservice"]!;
  return { ...ended!, taskDefinition };
}

Deno.test({
  name: "the reference's script for CI rolls back a deploy that has failed",
  ignore,
  fn: async () => {
    const { code, stdout, stderr, taskDefinition } = await runIn(worldWithBreaker(false), REFERENCE_SCRIPT);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "Deployment failed, rolling back...\n");
    assert.match(stderr, /Deploy of myservice:5 failed: /);
    assert.equal(taskDefinition, "myservice:4");
    assert.match(stderr, /Service is stable now\. Completed!\n$/);
  },
});

Deno.test({
  name: "the reference's script leaves a deploy alone that has worked",
  ignore,
  fn: async () => {
    const { code, stdout, taskDefinition } = await runIn(myservice(), REFERENCE_SCRIPT);
    assert.deepEqual([code, stdout, taskDefinition], [0, "", "myservice:5"]);
  },
});

Deno.test({
  name: `the script of docs/ci.md goes back to what ran before${unlessJq}`,
  ignore: withoutJq,
  fn: async () => {
    const { code, stderr, taskDefinition } = await runIn(worldWithBreaker(false), readSafeScript());
    assert.equal(code, 6, stderr);
    assert.equal(taskDefinition, "myservice:4");
  },
});

Deno.test({
  name: `the script of docs/ci.md goes no further back where ECS's circuit breaker has gone back already${unlessJq}`,
  ignore: withoutJq,
  fn: async () => {
    const { code, stderr, taskDefinition } = await runIn(worldWithBreaker(true), readSafeScript());
    assert.equal(code, 6, stderr);
    assert.match(stderr, /ECS (?:rolled it back: |is rolling back to )myservice:4/);
    assert.equal(taskDefinition, "myservice:4");
  },
});

Deno.test({
  name: `the script of docs/ci.md goes no further back where the deploy has taken itself back${unlessJq}`,
  ignore: withoutJq,
  fn: async () => {
    const script = readSafeScript().replace(
      "--output json",
      "--output json --rollback-events DEPLOYMENT_FAILURE",
    );
    const { code, stderr, taskDefinition } = await runIn(worldWithBreaker(false), script);
    assert.equal(code, 6, stderr);
    assert.match(stderr, /myservice:4 is live: /);
    assert.match(stderr, /was deployed successfully before myservice:5[^]*Nothing to do/);
    assert.equal(taskDefinition, "myservice:4");
  },
});

Deno.test({
  name:
    `the script of docs/ci.md leaves alone what somebody else has deployed over the deploy, and registered for it${unlessJq}`,
  ignore: withoutJq,
  fn: async () => {
    const emulator = worldWithBreaker(false);
    emulator.inject({
      operation: "UpdateService",
      effect: actAfter((other) => {
        other.registerTaskDefinition(taskDefinition(2));
        other.updateService({ service: "myservice", taskDefinition: "myservice:6" });
      }),
    });
    const { code, stderr, taskDefinition: running } = await runIn(emulator, readSafeScript());
    assert.equal(code, 6, stderr);
    assert.match(stderr, /was superseded/);
    assert.equal(running, "myservice:6");
  },
});

Deno.test({
  name: `the script of docs/ci.md leaves the service alone when the deploy did not get as far as ECS${unlessJq}`,
  ignore: withoutJq,
  fn: async () => {
    const files = { ...DEFINITION_FILES, "ecs-task-def.json": "{" };
    await withServer(myservice(), async ({ url, emulator }) => {
      const { code } = await runScript(url, readSafeScript(), { files });
      assert.equal(code, 3);
      assert.equal(emulator.state().services["default/myservice"]!.taskDefinition, "myservice:4");
    });
  },
});

Deno.test({
  name: "cancelling a run of the workflows in docs/ci.md is Ctrl-C, though the runner tells the shell of the step only",
  ignore,
  fn: async () => {
    const steps = readSteps();
    assert.equal(steps.length, 2);
    for (const step of steps) {
      const cancel = "for i in {1..300}; do if grep -q Starting log; then kill -INT $$; break; fi; sleep 0.1; done";
      const script = `touch log\n(${cancel}) &\n${step.replace("exec ecspresso", "ecspresso_exec")} 2> >(tee log >&2)`;
      const { code, stderr } = await runIn(createScenario("slow_drain"), script, {
        TAG: "1.4.0",
        REVISION: "previous",
        FROM: "4",
      });
      assert.equal(code, 130, stderr);
      assert.match(stderr, /Interrupted: /);
    }
  },
});
