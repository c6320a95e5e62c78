import type { Cause } from "../../../diagnosis/cause.ts";
import { regionOf } from "../../../model/arn.ts";
import { describeAlarmsCommand, tailLogCommand } from "../typed_commands.ts";
import type { SomeWords } from "./cause_words.ts";

/** `lifecycle hook smoke-test failed at POST_SCALE_UP`, with the parts that ECS names. */
function describeHook({ about: { stage, hook } }: Cause, what: string): string {
  const name = hook === undefined ? "a lifecycle hook" : `Lambda function ${functionName(hook)} (a lifecycle hook)`;
  return `${name} ${what}${stage === undefined ? "" : ` at ${stage}`}`;
}

/** `CloudWatch alarm errors fired`; needs at least one alarm. */
export function describeAlarms(alarms: readonly string[]): string {
  return `CloudWatch alarm${alarms.length === 1 ? "" : "s"} ${alarms.join(", ")} fired`;
}

const isHookNamed = ({ about: { stage, hook } }: Cause) => stage !== undefined && hook !== undefined;

export const DEPLOYMENT_WORDS = {
  alarm: {
    what: ({ about: { alarms = [] } }) => alarms.length === 0 ? "a CloudWatch alarm fired" : describeAlarms(alarms),
    advice: ({ about: { alarms, region } }) =>
      alarms === undefined
        ? "see in CloudWatch which alarm of deploymentConfiguration.alarms fired"
        : "read the logs of that time, and see the alarm's metric and threshold: " +
          describeAlarmsCommand({ region }, alarms),
    saysAll: ({ about: { alarms } }) => alarms !== undefined,
  },
  hookFailed: {
    what: (cause) => describeHook(cause, "failed"),
    saysAll: isHookNamed,
    advice: ({ about: { hook }, atMs }) =>
      hook === undefined ? "read the log of its Lambda function" : readFunctionLog(hook, atMs),
  },
  hookTimedOut: {
    what: (cause) => describeHook(cause, "did not answer in time"),
    saysAll: isHookNamed,
    advice: ({ about: { hook }, atMs }) =>
      hook === undefined
        ? "answer a hook that pauses before its timeout (ecspresso status shows how), or raise the timeout"
        : `raise the hook's timeout if it needs longer; ${readFunctionLog(hook, atMs)}`,
  },
  trafficConfigInvalid: {
    what: () => "a listener rule of the load balancer leads to another target group than the service's",
    advice: () =>
      "point the production listener rule to the target group of what was live (ECS's words above name the two that are " +
      "expected, and where the rule leads now); a rollback does not change the rule",
    comesFirst: () => true,
  },
  stopRequested: { what: () => "somebody stopped the deployment" },
  startsImpaired: { what: () => "the tasks fail to start again and again" },
  tasksFailedToStart: { what: () => "tasks failed to start" },
  stoppedByUser: { what: () => "somebody stopped the task" },
  replaced: { what: () => "ECS stopped the task because it was no longer needed" },
} satisfies SomeWords;

/** No Lambda function runs longer than this. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST_RUN_MS = 900_000;

/** Lambda's default log group: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
function readFunctionLog(arn: string, atMs: number | undefined): string {
  const group = `/aws/lambda/${functionName(arn).split(":")[0]}`;
  const place = {
    kind: "cloudWatchLogs",
    group,
    region: regionOf(arn),
    stream: undefined,
    sinceMs: atMs === undefined ? undefined : atMs - LONGEST_RUN_MS,
  } as const;
  return `read the log of the Lambda function: ${tailLogCommand(place)}`;
}

function functionName(arn: string): string {
  return arn.split(":function:").at(-1) ?? arn;
}
