import type { CauseCode } from "../../../diagnosis/cause.ts";
import { regionOf } from "../../../model/arn.ts";
import { describeAlarmsCommand, tailLogCommand } from "../../../model/typed_commands.ts";
import type { WordsOf } from "./cause_words.ts";

type Codes = Extract<
  CauseCode,
  | ("alarm" | "hookFailed" | "hookTimedOut" | "trafficConfigInvalid" | "stopRequested" | "startsImpaired")
  | ("tasksFailedToStart" | "stoppedByUser" | "replaced")
>;

const atStage = (stage: string | undefined) =>
  stage === undefined ? "a lifecycle hook" : `the lifecycle hook at ${stage}`;

export const DEPLOYMENT_WORDS: WordsOf<Codes> = {
  alarm: {
    what: ({ about: { alarms = [] } }) =>
      alarms.length === 0
        ? "a CloudWatch alarm fired"
        : `CloudWatch alarm${alarms.length === 1 ? "" : "s"} ${alarms.join(", ")} fired`,
    advice: ({ about: { alarms, region } }) =>
      alarms === undefined
        ? "see in CloudWatch which alarm of deploymentConfiguration.alarms fired, and why"
        : `see why: ${describeAlarmsCommand({ region }, alarms)}`,
  },
  hookFailed: {
    what: ({ about: { stage, hook } }) => `${atStage(stage)} failed${ofFunction(hook)}`,
    advice: ({ about: { hook } }) => hook === undefined ? "read the log of the hook's function" : readFunctionLog(hook),
  },
  hookTimedOut: {
    what: ({ about: { stage, hook } }) => `${atStage(stage)} did not answer in time${ofFunction(hook)}`,
    advice: ({ about: { hook } }) =>
      hook === undefined
        ? "answer a hook that pauses in time (ecspresso status shows the command), or raise its timeout"
        : `raise the hook's timeout if it needs longer; ${readFunctionLog(hook)}`,
  },
  trafficConfigInvalid: {
    what: () => "the load balancer's listener rules do not fit the deployment",
    advice: () => "link the target groups to the production and test listener rules as the text says",
  },
  stopRequested: { what: () => "somebody stopped the deployment" },
  startsImpaired: { what: () => "ECS cannot start the tasks consistently" },
  tasksFailedToStart: { what: () => "tasks failed to start" },
  stoppedByUser: { what: () => "somebody stopped the task" },
  replaced: { what: () => "ECS stopped the task because it was not wanted any more" },
};

/** Lambda writes there by default. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
function readFunctionLog(arn: string): string {
  const group = `/aws/lambda/${functionName(arn).split(":")[0]}`;
  const place = {
    kind: "cloudWatchLogs",
    group,
    region: regionOf(arn),
    stream: undefined,
    sinceMs: undefined,
  } as const;
  return `read its log: ${tailLogCommand(place)}`;
}

function ofFunction(arn: string | undefined): string {
  return arn === undefined ? "" : ` (${functionName(arn)})`;
}

function functionName(arn: string): string {
  return arn.split(":function:").at(-1) ?? arn;
}
