import { shortName } from "../../model/arn.ts";
import type { SkipReason } from "../../rollout/plan/skip_reason.ts";
import { byCode } from "../cases.ts";
import { formatDuration, formatMoment } from "../log.ts";

/** Why a rollback with a condition does nothing: a sentence. */
export const describeSkip = byCode<SkipReason, string>({
  deployedEarlier: ({ running, beganAtMs, withinMs }) =>
    `${shortName(running)} was deployed more than ${formatDuration(withinMs)} ago, at ${formatMoment(beganAtMs)}.`,
  overtaken: ({ running, deployment }) =>
    `Deployment ${deployment} of ${shortName(running)} began meanwhile: that is not what was to be left.`,
  goesBackAlready: ({ running, from, state }) => {
    const way = `${from === undefined ? "" : ` from ${shortName(from)}`} to ${shortName(running)}`;
    return {
      underWay: `The service is going back${way} already.`,
      done: `The service was rolled back${way} already.`,
      failed: `The service could not go back${way}: that deployment failed.`,
    }[state];
  },
});
