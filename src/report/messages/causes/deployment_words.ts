import type { CauseCode } from "../../../diagnosis/cause.ts";
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
    advice: ({ about: { alarms = [] } }) =>
      `see what the metric of ${alarms.join(", ") || "the alarm"} shows since the deployment began`,
  },
  hookFailed: {
    what: ({ about: { stage, hook } }) =>
      `${atStage(stage)} failed${hook === undefined ? "" : ` (${functionName(hook)})`}`,
    advice: ({ about: { hook } }) =>
      `read the log of ${hook === undefined ? "the hook" : `function ${functionName(hook)}`}`,
  },
  hookTimedOut: {
    what: ({ about: { stage, hook } }) =>
      `${atStage(stage)} did not answer in time${hook === undefined ? "" : ` (${functionName(hook)})`}`,
    advice: ({ about: { hook } }) =>
      hook === undefined
        ? "answer a hook that pauses in time (ecspresso status shows the command), or raise its timeout"
        : `read the log of function ${functionName(hook)}, and raise its timeout`,
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

function functionName(arn: string): string {
  return arn.split(":function:").at(-1) ?? arn;
}
