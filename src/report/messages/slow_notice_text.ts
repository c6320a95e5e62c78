import type { SlowNotice } from "../../rollout/plan/notice.ts";
import type { NoticeTexts, WithCode } from "./phrases.ts";

type Moving = WithCode<SlowNotice, "wholeDeployment">;

/** What will make a rollback slow. */
export const SLOW: NoticeTexts<SlowNotice["code"]> = {
  pauses: ({ stages, steps, timeoutMinutes, timeoutAction, isForeseen }) => {
    // API reference, ServiceDeployment: the stage before the production traffic comes anew with every step.
    const where = stages.map((stage) =>
      stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && steps > 1 ? `${stage}, ${steps} times,` : stage
    );
    const otherwise = timeoutAction === "CONTINUE" ? "it goes on by itself" : "ECS turns it back";
    return `${whenOf(isForeseen)}rolling back stops at ${
      where.join(" and at ")
    } until somebody answers (PAUSE hook); ` +
      `after ${inWords(timeoutMinutes)} ${otherwise}`;
  },
  wholeDeployment: (moving) =>
    `${whenOf(moving.isForeseen)}rolling back takes a whole deployment: ${partsOf(moving)}; at least ${
      inWords(moving.minutes)
    }, plus the start of its tasks${tooShort(moving, "it will not be completed within")}`,
  shiftsBack: (moving) =>
    `ECS may shift traffic back as slowly as it shifted it: ${partsOf(moving)}${
      tooShort(moving, "it may not be back within")
    }`,
};

function whenOf(isForeseen: boolean): string {
  return isForeseen ? "--rollback-events: " : "";
}

function partsOf({ shift: { steps, stepMinutes }, bakeMinutes }: Moving): string {
  const isShifted = (steps - 1) * stepMinutes > 0;
  return [
    ...(isShifted ? [`traffic is shifted in ${steps} steps, ${inWords(stepMinutes)} apart`] : []),
    ...(bakeMinutes > 0
      ? [`the old tasks stay for ${inWords(bakeMinutes)} after the traffic was shifted (bake time)`]
      : []),
  ].join(", ");
}

const MINUTE_MS = 60_000;

function tooShort({ shorterTimeoutMs }: Moving, otherwise: string): string {
  if (shorterTimeoutMs === undefined) return "";
  return `; ${otherwise} the timeout of ${
    inWords(shorterTimeoutMs / MINUTE_MS)
  }: give a longer --timeout, or --no-wait`;
}

/** `90 seconds`, `10 minutes`, `24 hours`. */
function inWords(minutes: number): string {
  if (minutes < 1 || !Number.isInteger(minutes)) return plural(Math.round(minutes * 60), "second");
  return minutes % 60 === 0 ? plural(minutes / 60, "hour") : plural(minutes, "minute");
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
