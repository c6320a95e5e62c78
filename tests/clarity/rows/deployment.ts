/** What ends a deployment besides its tasks: alarms, hooks; and words that nobody knows. */
import { cannotPull, cannotStart, crashLoop, failingTargetGroup, failsToStart } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { CHOOSE, ROLL_BACK, type Row, WAIT_OR_BACK } from "../row.ts";
import { APP, ENVOY, IMAGE, SERVICE, TARGET_GROUP } from "../scene.ts";

const ALARM = "myservice-5xx";
const ALARM_PAGE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html";
const HOOK_PAGE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html";
const HOOK = "arn:aws:lambda:ap-northeast-1:123456789012:function:smoke-test";
const ELSEWHERE = "Production listener rule is forwarding traffic to unexpected target group " +
  "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/other/abc123. Expected traffic to be forwarded " +
  `to either targetGroupArn: ${TARGET_GROUP} or alternateTargetGroupArn: ${TARGET_GROUP.replace("myservice", "green")}`;
const GONE = cannotPull(
  `pull image manifest has been retried 1 time(s): failed to resolve ref ${IMAGE}: ${IMAGE}: not found`,
);
const BOTH_ENDED = { containers: [APP, ENVOY], fails: crashLoop({ exitCode: 0 }) };
const LOAD_BALANCED = {
  service: { loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: "app", containerPort: 8080 }] },
  fails: failingTargetGroup(TARGET_GROUP, 8080, "Health checks failed with these codes: [404]"),
};

function alarmed(rollback: boolean) {
  const alarms = { alarmNames: [ALARM, "myservice-latency"], enable: true, rollback };
  const goesOff = (later: Emulator) => later.schedule(60_000, (then) => then.setAlarm(ALARM, "ALARM"));
  return { service: { deploymentConfiguration: { alarms } }, then: goesOff };
}

function hooked(answer: (emulator: Emulator) => void, hook = {}) {
  const target = { targetType: "AWS_LAMBDA", hookTargetArn: HOOK, roleArn: "arn:aws:iam::123456789012:role/ecs-hooks" };
  const lifecycleHooks = [{ ...target, ...hook, lifecycleStages: ["POST_SCALE_UP"] }];
  return { service: { deploymentConfiguration: { strategy: "BLUE_GREEN", lifecycleHooks } }, then: answer };
}

const NOT_FOUND = [/image tag 2\.0\.0 of repository myservice/, /not found|not there|does not exist/];

export const DEPLOYMENT_ROWS: readonly Row[] = [
  {
    name: "alarm: it stops the deployment",
    source: ALARM_PAGE,
    scene: alarmed(false),
    expects: {
      code: "alarm",
      cause: [/myservice-5xx/],
      advice: [/describe-alarm|alarm-names/],
      never: [/myservice-latency/, /list-tasks/],
      next: ROLL_BACK,
    },
  },
  {
    name: "alarm: ECS goes back",
    source: `${ALARM_PAGE}; public reports (deployment failed: alarm detected)`,
    scene: alarmed(true),
    expects: { code: "alarm", cause: [/myservice-5xx/], never: [/myservice-latency/], next: /describe-alarms/ },
  },
  {
    name: "hook: the function fails the deployment",
    source: HOOK_PAGE,
    scene: hooked((emulator) => emulator.setFunction(HOOK, "FAILED")),
    expects: {
      code: "hookFailed",
      cause: [/smoke-test/, /POST_SCALE_UP/],
      advice: [/log/],
      never: [/list-tasks/, /container app/],
      next: /logs tail \/aws\/lambda\/smoke-test/,
    },
  },
  {
    name: "hook: the function does not answer in time",
    source: HOOK_PAGE,
    scene: hooked((emulator) => emulator.setFunction(HOOK, "SUCCEEDED", 3_600_000), {
      timeoutConfiguration: { timeoutInMinutes: 1 },
    }),
    expects: {
      code: ["hookTimedOut", "hookFailed"],
      cause: [/smoke-test/, /POST_SCALE_UP/],
      advice: [/log/],
      never: [/list-tasks/],
    },
  },
  {
    name: "deployment: the rule of the listener sends traffic elsewhere",
    source: HOOK_PAGE,
    scene: {
      service: { deploymentConfiguration: { strategy: "BLUE_GREEN" } },
      then: (emulator) => emulator.misroute(SERVICE, ELSEWHERE),
    },
    expects: {
      code: "trafficConfigInvalid",
      cause: [/listener rule/i, /targetgroup\/other/],
      never: [/list-tasks/, /container app/],
    },
  },
  {
    name: "unknown: a text of a stopped task",
    source: "made up",
    scene: { fails: failsToStart("FluxError: the capacitor of the task is not aligned (code 88): realign it first") },
    expects: {
      code: "unknown",
      cause: [/FluxError: the capacitor of the task is not aligned \(code 88\): realign it first/],
      never: [/execution role/, /memory/i, /route to/],
      next: ROLL_BACK,
      said: "FluxError: the capacitor of the task is not aligned (code 88): realign it first",
    },
  },
  {
    name: "unknown: a text of an event",
    source: "made up",
    scene: { fails: cannotStart("was unable to place a task. Reason: The gizmo of zone b is not ready (G17).") },
    expects: {
      code: ["unknown", "notPlaced"],
      cause: [/The gizmo of zone b is not ready \(G17\)/],
      never: [/execution role/, /memory/i],
      next: WAIT_OR_BACK,
      said: "The gizmo of zone b is not ready (G17)",
    },
  },
  {
    name: "unknown: a category that is known, words that are not",
    source: "made up",
    scene: {
      fails: failsToStart("ResourceInitializationError: failed to warm up the quantum cache: cat is not alive"),
    },
    expects: {
      code: ["unknown", "resourceNotReady"],
      cause: [/failed to warm up the quantum cache: cat is not alive/],
      never: [/log group/, /secret/],
      next: ROLL_BACK,
      said: "failed to warm up the quantum cache: cat is not alive",
    },
  },
  {
    name: "rollback: the image of the target is gone",
    source: "as of a deploy",
    scene: { command: "rollback", fails: GONE },
    expects: { code: "imageNotFound", container: "app", cause: NOT_FOUND, never: [/execution role/], next: CHOOSE },
  },
  {
    name: "rollback: exit code 0 of the app, then ECS kills envoy",
    source: "as of a deploy",
    scene: { command: "rollback", ...BOTH_ENDED },
    expects: {
      code: "exitedCleanly",
      container: "app",
      cause: [/container app/],
      never: [/container envoy/, /memory/i],
      next: CHOOSE,
    },
  },
  {
    name: "wait: the image is gone",
    source: "as of a deploy",
    scene: { command: "wait", fails: GONE },
    expects: { code: "imageNotFound", container: "app", cause: NOT_FOUND, next: ROLL_BACK },
  },
  {
    name: "wait: the load balancer gets a 404",
    source: "as of a deploy",
    scene: { command: "wait", ...LOAD_BALANCED },
    expects: {
      code: "targetUnhealthy",
      container: "app",
      cause: [/404/, /container app/],
      advice: [/path/],
      never: [/security group/i],
      next: ROLL_BACK,
    },
  },
  {
    name: "status: the image is gone",
    source: "as of a deploy",
    scene: { command: "status", fails: GONE },
    expects: { code: "imageNotFound", container: "app", cause: NOT_FOUND, next: ROLL_BACK },
  },
  {
    name: "status: the app crashes again and again",
    source: "as of a deploy",
    scene: { command: "status", ...BOTH_ENDED },
    expects: {
      code: "exitedCleanly",
      container: "app",
      cause: [/container app/],
      never: [/container envoy/, /memory/i],
      // Nothing in the service names what ran before: only its history does.
      next: /ecspresso rollback --revision previous$/m,
    },
  },
  {
    name: "deploy with --rollback-events: the image is gone",
    source: "as of a deploy",
    scene: { options: "--rollback-events DEPLOYMENT_FAILURE", fails: GONE },
    expects: {
      code: "imageNotFound",
      container: "app",
      cause: NOT_FOUND,
      never: [/ecspresso rollback --revision previous/],
    },
  },
];
