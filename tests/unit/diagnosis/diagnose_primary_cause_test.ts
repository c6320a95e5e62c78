import assert from "node:assert/strict";
import { isOfPlatform } from "../../../src/diagnosis/cause.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { ServiceEvent, StoppedTask } from "../../../src/model/service.ts";
import { serviceDeployment } from "../made_up.ts";

const ID = "ecs-svc/4";
const GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/55a4";
const BREAKER = "ECS deployment circuit breaker: tasks failed to start.";
let made = 0;

function task(stoppedReason: string, changes: Partial<StoppedTask> = {}): StoppedTask {
  const arn = `arn:aws:ecs:ap-northeast-1:123456789012:task/default/${String(++made).padStart(32, "0")}`;
  return {
    arn,
    startedBy: ID,
    stopCode: "TaskFailedToStart",
    stoppedReason,
    stoppedAtMs: made,
    containers: [],
    ...changes,
  };
}

function event(message: string): ServiceEvent {
  return { id: String(++made), createdAtMs: made, message: `(service web) ${message}` };
}

function codesOf(evidence: Partial<Parameters<typeof diagnose>[0]>): string[] {
  return diagnose({ deploymentId: ID, tasks: [], sinceMs: 0, hasFailed: true, ...evidence }).map(({ code }) => code);
}

const MISSING = "CannotPullContainerError: failed to resolve ref web:1: not found";

Deno.test("a breaker's `tasks failed to start` is no cause where a task, or an event, says more", () => {
  const rolloutStateReason = BREAKER;
  assert.deepEqual(codesOf({ rolloutStateReason }), ["tasksFailedToStart"]);
  assert.deepEqual(codesOf({ rolloutStateReason, tasks: [task(MISSING)] }), ["imageNotFound"]);
  assert.deepEqual(
    codesOf({ rolloutStateReason, events: [event("was unable to place a task. Reason: RESOURCE:CPU.")] }),
    [
      "noRoom",
    ],
  );
  assert.deepEqual(
    codesOf({ rolloutStateReason, events: [event("is unable to consistently start tasks successfully.")] }),
    [
      "tasksFailedToStart",
      "startsImpaired",
    ],
  );
});

Deno.test("an alarm or a hook that ended the deployment comes before its tasks", () => {
  const record = serviceDeployment({ triggered: ["alarm"], triggeredAlarms: ["5xx"] });
  assert.deepEqual(codesOf({ serviceDeployment: record, tasks: [task(MISSING)] }), ["alarm", "imageNotFound"]);
  const [alarm] = diagnose({ deploymentId: ID, tasks: [], hasFailed: true, serviceDeployment: record });
  assert.deepEqual(alarm?.about.alarms, ["5xx"]);
  const said = "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target " +
    "arn:aws:lambda:ap-northeast-1:123456789012:function:check returned FAILED status.";
  const [hook] = diagnose({ deploymentId: ID, tasks: [], hasFailed: true, rolloutStateReason: said });
  assert.deepEqual([hook?.code, hook?.about.stage, hook?.about.hook], [
    "hookFailed",
    "PRE_SCALE_UP",
    "arn:aws:lambda:ap-northeast-1:123456789012:function:check",
  ]);
});

Deno.test("what the platform took comes after what the release did, however often it came", () => {
  const spot = () => task("Your Spot Task was interrupted.", { stopCode: "SpotInterruption" });
  const causes = diagnose({ deploymentId: ID, tasks: [spot(), spot(), spot(), task(MISSING)] });
  assert.deepEqual(causes.map((cause) => [cause.code, cause.count, isOfPlatform(cause)]), [
    ["imageNotFound", 1, false],
    ["spotInterrupted", 3, true],
  ]);
});

Deno.test("tasks that nobody wanted any more are causes only where nothing else is there", () => {
  const replaced = task(`Scaling activity initiated by (deployment ${ID})`, { stopCode: "ServiceSchedulerInitiated" });
  const byUser = task("Task stopped by user", { stopCode: "UserInitiated" });
  assert.deepEqual(codesOf({ tasks: [replaced, byUser] }).toSorted(), ["replaced", "stoppedByUser"]);
  assert.deepEqual(codesOf({ tasks: [replaced, byUser], hasFailed: false }), ["stoppedByUser"]);
  assert.deepEqual(codesOf({ tasks: [replaced, byUser, task(MISSING)] }), ["imageNotFound"]);
});

Deno.test("an event says with what a health check was answered, and the service where it asks", () => {
  const unhealthy = event(
    `(task x) (port 32768) is unhealthy in (target-group ${GROUP}) due to (reason Health checks failed with these codes: [404])`,
  );
  const stopped = task(`Task failed ELB health checks in (target-group ${GROUP})`, {
    stopCode: "ServiceSchedulerInitiated",
  });
  const [cause, ...others] = diagnose({
    ...{ deploymentId: ID, tasks: [stopped], events: [unhealthy], sinceMs: 0 },
    loadBalancers: [{ kind: "loadBalancer", name: GROUP, containerName: "proxy", containerPort: 8080 }],
  });
  assert.deepEqual(others, []);
  assert.deepEqual([cause?.code, cause?.container, cause?.about], [
    "targetUnhealthy",
    "proxy",
    { targetGroup: GROUP, port: 8080, answer: "404" },
  ]);
});

Deno.test("events of another deployment's tasks, and those from before, say nothing of this one", () => {
  const other = task("x", { startedBy: "ecs-svc/3" });
  const id = other.arn.split("/").at(-1);
  const events = [event(`(task ${id}) failed container health checks.`)];
  assert.deepEqual(codesOf({ tasks: [other], events }), []);
  assert.deepEqual(codesOf({ events }), ["containerUnhealthy"]);
  assert.deepEqual(codesOf({ events, sinceMs: made }), []);
});

Deno.test("while a deployment goes on, an unhealthy target or a breaker is no cause yet", () => {
  const events = [
    event(`(task x) (port 80) is unhealthy in (target-group ${GROUP}) due to (reason Health checks failed)`),
  ];
  assert.deepEqual(codesOf({ hasFailed: false, events, rolloutStateReason: BREAKER }), []);
  const unplaced = [event("was unable to place a task. Reason: Capacity is unavailable at this time.")];
  assert.deepEqual(codesOf({ hasFailed: false, events: unplaced }), ["capacityUnavailable"]);
});

Deno.test("the task definition names the secret that lacks a key, and the container that wants it", () => {
  const secret = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:prod/db-AbCdEf";
  const secrets = [{ name: "DB_URL", valueFrom: `${secret}:url::` }];
  const [cause] = diagnose({
    deploymentId: ID,
    tasks: [task("retrieved secret from Secrets Manager did not contain json key url")],
    taskDefinition: { containerDefinitions: [{ name: "app", secrets }, { name: "envoy" }] },
  });
  assert.deepEqual([cause?.container, cause?.about], ["app", { secret, key: "url" }]);
});

Deno.test("a task that was placed and failed to start is not said to have no place, too", () => {
  const container = { name: "app", exitCode: undefined, reason: MISSING };
  const failed = task("Task failed to start", { containers: [container] });
  const events = [event("was unable to place a task. Reason: Task failed to start.")];
  assert.deepEqual(codesOf({ tasks: [failed], events }), ["imageNotFound"]);
  assert.deepEqual(codesOf({ events }), ["tasksFailedToStart"]);
});

Deno.test("a stop code of the platform's decides, unless the text says it more exactly", () => {
  const ended = (stopCode: string, reason: string) =>
    codesOf({ tasks: [task(reason, { stopCode, containers: [{ name: "app", exitCode: 137, reason: undefined }] })] });
  const maintenance = "ECS is performing maintenance on the underlying infrastructure hosting the task";
  // API reference, TaskStopCode: the code alone. What AWS writes beside it, no page of AWS's and no public report shows.
  for (const reason of ["", "Something that AWS may write"]) {
    assert.deepEqual(ended("InfrastructureHealth", reason), ["hostLost"]);
  }
  assert.deepEqual(ended("InfrastructureHealth", maintenance), ["hostMaintenance"]);
  assert.deepEqual(ended("TerminationNotice", ""), ["spotInterrupted"]);
  for (const code of ["hostLost", "hostMaintenance", "spotInterrupted"] as const) assert.ok(isOfPlatform({ code }));
});

Deno.test("where a text names no secret, the task definition does: the one of that key, or the only one", () => {
  const arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:";
  const noKey = task("ResourceInitializationError: retrieved secret from Secrets Manager did not contain json key URL");
  const noJson = task(
    "ResourceInitializationError: unable to retrieve secret from asm: invalid character 'p' looking for",
  );
  const about = (stopped: StoppedTask, ...valuesFrom: readonly string[]) => {
    const secrets = valuesFrom.map((valueFrom) => ({ name: "X", valueFrom }));
    const taskDefinition = { containerDefinitions: [{ name: "app", secrets }] };
    const [cause] = diagnose({ deploymentId: ID, tasks: [stopped], sinceMs: 0, hasFailed: true, taskDefinition });
    return cause?.about.secret;
  };
  assert.equal(about(noKey, `${arn}a-AbCdEf:URL::`, `${arn}b-AbCdEf:USER::`), `${arn}a-AbCdEf`);
  assert.equal(about(noKey, `${arn}a-AbCdEf:URL`, "/db/URL"), `${arn}a-AbCdEf`);
  assert.equal(about(noKey, `${arn}a-AbCdEf:URL::`, `${arn}b-AbCdEf:URL::`), undefined);
  assert.equal(about(noKey, `${arn}a-AbCdEf:USER::`), undefined);
  assert.equal(about(noJson, `${arn}a-AbCdEf:URL::`, `${arn}a-AbCdEf:USER::`), `${arn}a-AbCdEf`);
  assert.equal(about(noJson, `${arn}a-AbCdEf:URL::`, `${arn}b-AbCdEf:USER::`), undefined);
});
