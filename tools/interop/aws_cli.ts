import assert from "node:assert/strict";
import type { Emulator } from "../../tests/emulator/emulator.ts";
import type { JsonObject } from "../../tests/emulator/model.ts";
import { createScenario } from "../../tests/emulator/scenarios.ts";
import { awsEnvironment } from "./aws_environment.ts";
import type { Check, Group } from "./check.ts";
import { type Emulated, myserviceNow, serviceOf, statusOf, whileServing } from "./emulated.ts";
import type { Tools } from "./install.ts";
import type { Ended, Processes } from "./processes.ts";

const ARN = "arn:aws:ecs:ap-northeast-1:123456789012";
const SCALING =
  "--service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/default/myservice";
const TIMEOUT_MS = 90_000;

/** A world, and the AWS CLI to ask it with. */
interface Session extends Emulated {
  /** Runs `aws` with arguments that have no spaces in them; `more` are taken as they are. */
  try(args: string, ...more: string[]): Promise<Ended>;
  /** The same, for a call that has to succeed: its answer. */
  // deno-lint-ignore no-explicit-any
  ask(args: string, ...more: string[]): Promise<any>;
}

/** The AWS CLI, driven against the emulator. It reads answers by AWS's own models: a member of a wrong name is not there. */
export function awsCliGroup(processes: Processes, tools: Tools, home: string): Group {
  const withSession = (emulator: Emulator, act: (session: Session) => Promise<void>) =>
    whileServing(emulator, async (world) => {
      const { aws } = await tools.python();
      const session: Session = {
        ...world,
        try: (args, ...more) =>
          processes.run({
            command: [aws, ...args.split(" "), ...more],
            env: awsEnvironment(world.url, home),
            directory: home,
            timeoutMs: TIMEOUT_MS,
          }),
        async ask(args, ...more) {
          const { code, stdout, stderr } = await session.try(args, ...more);
          assert.equal(code, 0, `aws ${args}: exit code ${code}: ${stderr.trim()}`);
          return stdout.trim() === "" ? undefined : JSON.parse(stdout);
        },
      };
      await act(session);
    });
  const check = (name: string, act: (session: Session) => Promise<void>, makeWorld = () => myserviceNow()): Check => ({
    name,
    run: () => withSession(makeWorld(), act),
  });
  return {
    name: "aws cli",
    checks: [...taskDefinitionChecks(check), ...serviceChecks(check), ...scalingChecks(check)],
    async open() {
      await tools.python();
    },
  };
}

type MakeCheck = (name: string, act: (session: Session) => Promise<void>, makeWorld?: () => Emulator) => Check;

const taskDefinitionChecks = (check: MakeCheck): Check[] => [
  check("list-task-definitions reads all pages", async ({ ask, emulator }) => {
    const { taskDefinitionArns } = await ask("ecs list-task-definitions --family-prefix myservice");
    assert.deepEqual(taskDefinitionArns, [1, 2, 3, 4].map((number) => `${ARN}:task-definition/myservice:${number}`));
    assert.equal(emulator.calls.length, 2, "pages of two, but not two calls");
  }, () => createScenario("small_pages")),

  check("list-task-definitions descending, from page to page", async ({ ask }) => {
    const list = "ecs list-task-definitions --family-prefix myservice --sort DESC --max-items 3 --page-size 2";
    const first = await ask(list);
    const second = await ask(`${list} --starting-token ${first.NextToken}`);
    const numbers = [...first.taskDefinitionArns, ...second.taskDefinitionArns].map((arn) => arn.split(":").at(-1));
    assert.deepEqual(numbers, ["4", "3", "2", "1"]);
    assert.equal(second.NextToken, undefined);
  }),

  check("describe-task-definition, by number and the newest", async ({ ask }) => {
    const third = await ask("ecs describe-task-definition --task-definition myservice:3");
    assert.equal(third.taskDefinition.memory, "1024");
    assert.ok(
      Math.abs(third.taskDefinition.registeredAt - Date.now() / 1_000) < 86_400,
      "registeredAt is not in seconds",
    );
    const newest = await ask("ecs describe-task-definition --task-definition myservice --include TAGS");
    assert.equal(newest.taskDefinition.taskDefinitionArn, `${ARN}:task-definition/myservice:4`);
    assert.deepEqual(newest.tags, []);
  }),

  check("register-task-definition", async (session) => {
    const definition = { family: "myservice", containerDefinitions: [{ name: "app", image: "app:5", memory: 128 }] };
    const tags = ["--tags", "key=team,value=core"];
    const { taskDefinition } = await session.ask(
      "ecs register-task-definition --cli-input-json",
      JSON.stringify(definition),
      ...tags,
    );
    assert.equal(taskDefinition.revision, 5);
    assert.equal(statusOf(session, 5), "ACTIVE");
    const { tags: kept } = await session.ask(
      `ecs list-tags-for-resource --resource-arn ${taskDefinition.taskDefinitionArn}`,
    );
    assert.deepEqual(kept, [{ key: "team", value: "core" }]);
  }),

  check("deregister-task-definition", async (session) => {
    const { taskDefinition } = await session.ask("ecs deregister-task-definition --task-definition myservice:1");
    assert.deepEqual([taskDefinition.status, statusOf(session, 1)], ["INACTIVE", "INACTIVE"]);
    const { taskDefinitionArns } = await session.ask("ecs list-task-definitions --family-prefix myservice");
    assert.equal(taskDefinitionArns.length, 3);
  }),

  check("delete-task-definitions, with failures", async (session) => {
    session.emulator.deregisterTaskDefinition("myservice:1");
    const { taskDefinitions, failures } = await session.ask(
      "ecs delete-task-definitions --task-definitions myservice:1 myservice:2",
    );
    assert.deepEqual(taskDefinitions.map(({ status }: JsonObject) => status), ["DELETE_IN_PROGRESS"]);
    assert.deepEqual(failures.map(({ arn }: JsonObject) => arn), [`${ARN}:task-definition/myservice:2`]);
    assert.deepEqual([statusOf(session, 1), statusOf(session, 2)], ["DELETE_IN_PROGRESS", "ACTIVE"]);
  }),
];

const serviceChecks = (check: MakeCheck): Check[] => [
  check("describe-services", async ({ ask }) => {
    const { services, failures } = await ask("ecs describe-services --services myservice nothing --include TAGS");
    assert.deepEqual(failures.map(({ reason }: JsonObject) => reason), ["MISSING"]);
    const [{ taskDefinition, runningCount, deployments, events }] = services;
    assert.deepEqual([taskDefinition, runningCount], [`${ARN}:task-definition/myservice:4`, 2]);
    assert.deepEqual(deployments.map(({ rolloutState }: JsonObject) => rolloutState), ["COMPLETED"]);
    assert.match(events[0].message, /^\(service myservice\) has reached a steady state\.$/);
  }),

  check("errors have the names that AWS gives them", async (session) => {
    const missing = await session.try("ecs describe-services --cluster nothing --services myservice");
    assert.match(missing.stderr, /\(ClusterNotFoundException\)/);
    session.emulator.deregisterTaskDefinition("myservice:1");
    const inactive = await session.try("ecs update-service --service myservice --task-definition myservice:1");
    assert.match(inactive.stderr, /\(ClientException\).*TaskDefinition is inactive/);
    assert.notEqual(missing.code * inactive.code, 0);
  }),

  check("update-service, wait services-stable", async (session) => {
    const { service } = await session.ask("ecs update-service --service myservice --task-definition myservice:3");
    assert.deepEqual(service.deployments.map(({ status }: JsonObject) => status), ["PRIMARY", "ACTIVE"]);
    await session.ask("ecs wait services-stable --services myservice");
    const { taskDefinition, runningCount, deployments } = serviceOf(session);
    assert.deepEqual([taskDefinition, runningCount, deployments.length], ["myservice:3", 2, 1]);
  }),

  check("list- and describe-service-deployments, describe-service-revisions", async ({ ask }) => {
    const { serviceDeployments: listed } = await ask("ecs list-service-deployments --service myservice");
    assert.deepEqual(listed.map(({ status }: JsonObject) => status), ["SUCCESSFUL", "SUCCESSFUL"]);
    const none = await ask("ecs list-service-deployments --service myservice --status IN_PROGRESS");
    assert.deepEqual(none.serviceDeployments, []);
    const { serviceDeployments: [newest] } = await ask(
      `ecs describe-service-deployments --service-deployment-arns ${listed[0].serviceDeploymentArn}`,
    );
    const revision = newest.targetServiceRevision.arn;
    const { serviceRevisions } = await ask(`ecs describe-service-revisions --service-revision-arns ${revision}`);
    assert.equal(serviceRevisions[0].taskDefinition, `${ARN}:task-definition/myservice:4`);
    assert.match(serviceRevisions[0].containerImages[0].image, /:1\.3\.0$/);
  }),

  check("stop-service-deployment goes back", async (session) => {
    const list = "ecs list-service-deployments --service myservice --status IN_PROGRESS";
    const { serviceDeployments: [{ serviceDeploymentArn }] } = await session.ask(list);
    await session.ask(`ecs stop-service-deployment --service-deployment-arn ${serviceDeploymentArn}`);
    assert.equal(serviceOf(session).taskDefinition, "myservice:3");
  }, () => createScenario("crash_loop")),

  check("list-tasks, describe-tasks", async ({ ask }) => {
    const { taskArns } = await ask("ecs list-tasks --service-name myservice");
    assert.equal(taskArns.length, 2);
    const { taskArns: ofFamily } = await ask("ecs list-tasks --family myservice --desired-status RUNNING");
    assert.deepEqual(ofFamily, taskArns);
    const { tasks } = await ask("ecs describe-tasks --include TAGS --tasks", ...taskArns);
    for (const { lastStatus, containers, taskDefinitionArn } of tasks) {
      assert.deepEqual([lastStatus, containers[0].name], ["RUNNING", "app"]);
      assert.equal(taskDefinitionArn, `${ARN}:task-definition/myservice:4`);
    }
  }),
];

const scalingChecks = (check: MakeCheck): Check[] => [
  check("describe-scalable-targets", async ({ ask }) => {
    const { ScalableTargets: [target] } = await ask(
      "application-autoscaling describe-scalable-targets --service-namespace ecs --resource-ids service/default/myservice",
    );
    assert.deepEqual([target.MinCapacity, target.MaxCapacity], [1, 10]);
    assert.equal(target.SuspendedState.DynamicScalingInSuspended, false);
  }),

  check("register-scalable-target suspends and keeps the capacity", async ({ ask, emulator }) => {
    const all = "DynamicScalingInSuspended=true,DynamicScalingOutSuspended=true,ScheduledScalingSuspended=true";
    await ask(`application-autoscaling register-scalable-target ${SCALING} --suspended-state ${all}`);
    const target = emulator.state().scalableTargets["service/default/myservice"]!;
    assert.deepEqual([target.minCapacity, target.maxCapacity], [1, 10]);
    assert.deepEqual(Object.values(target.suspendedState), [true, true, true]);
  }),

  check("tag-resource, list-tags-for-resource, untag-resource", async ({ ask }) => {
    const { ScalableTargets: [{ ScalableTargetARN: arn }] } = await ask(
      "application-autoscaling describe-scalable-targets --service-namespace ecs",
    );
    const about = `--resource-arn ${arn}`;
    await ask(`application-autoscaling tag-resource ${about} --tags team=core,size=2`);
    const tagged = await ask(`application-autoscaling list-tags-for-resource ${about}`);
    assert.deepEqual(tagged.Tags, { team: "core", size: "2" });
    await ask(`application-autoscaling untag-resource ${about} --tag-keys size`);
    const untagged = await ask(`application-autoscaling list-tags-for-resource ${about}`);
    assert.deepEqual(untagged.Tags, { team: "core" });
  }),

  check("describe-scaling-policies", async (session) => {
    const { code, stdout, stderr } = await session.try(`application-autoscaling describe-scaling-policies ${SCALING}`);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout).ScalingPolicies, []);
  }),
];
