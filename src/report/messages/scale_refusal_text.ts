import type { ScaleReason } from "../../rollout/plan/refusal.ts";
import type { RefusalTexts } from "./phrases.ts";

/** Why a number of tasks, or limits of auto scaling, are not set; and what to do instead. */
export const SCALE: RefusalTexts<ScaleReason["code"]> = {
  noScalableTarget: () => [
    "",
    "auto scaling does not look after it, so there are no limits to set",
    "set the number of tasks alone: --tasks NUMBER",
  ],
  limitsCross: ({ min, max }) => [
    "",
    `the least of auto scaling would be ${min}, and the most ${max}`,
    "give --auto-scaling-min and --auto-scaling-max that go together",
  ],
  beyondLimits: ({ tasks, min, max }) => {
    const [than, limit, option] = tasks > max ? ["more", max, "max"] : ["fewer", min, "min"];
    return [
      `to ${tasks}`,
      `that is ${than} than auto scaling allows (${min} to ${max}), which would set it to ${limit} again`,
      `change its limit, too: --auto-scaling-${option} ${tasks}; or have it leave the number alone: --suspend-auto-scaling`,
    ];
  },
};
