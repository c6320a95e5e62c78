import { shortName } from "../../model/arn.ts";
import type { PlanFileReason } from "../../rollout/plan/refusal.ts";
import type { Named } from "../cases.ts";
import { formatMoment } from "../log.ts";
import { shortDigest, shortImage } from "./image_text.ts";
import { adviseAfterOthers, nameFrom, type RefusalTexts } from "./phrases.ts";

const PLAN_ANEW = "make a new plan with --plan-out";

export const PLAN_FILE: RefusalTexts<PlanFileReason["code"]> = {
  deployedSincePlan: ({ ref, running, from, to, madeAtMs, carried }) => {
    const what = running.arn === from.arn ? `${shortName(running)} with other images` : shortName(running);
    return [
      `to ${shortName(to)}`,
      `somebody has deployed ${what} since the plan was made (${formatMoment(madeAtMs)}, from ${shortName(from)})`,
      ...adviseAfterOthers(ref, running, to, carried),
    ];
  },
  plannedElsewhere: ({ from, running, region }) => {
    const [, ofPartition, , plannedIn, ofAccount] = from.arn.split(":");
    const [, partition, , asked = region, account] = running?.arn.split(":") ?? [];
    const isOther = account !== undefined && account !== ofAccount;
    const [planned, actual, advice] = isOther
      ? [`account ${ofAccount}`, account, "use credentials of that account, or --assume-role-arn"]
      : asked === plannedIn
      ? [`partition ${ofPartition}`, partition, "make a new plan"]
      : [`region ${plannedIn}`, asked, `set the region of the plan: AWS_REGION=${plannedIn}`];
    return ["", `the plan is for the ${planned}, and this would be ${actual}`, advice];
  },
  imagesNotAsPlanned: ({ to, images }) => [
    `to ${shortName(to)}`,
    `the plan says other images than would start (${images.map(describeMoved).join("; ")})`,
    `look at what starts now, and ${PLAN_ANEW}`,
  ],
  planNamesAnother: ({ to, of }) => [
    `to ${shortName(to)}`,
    `the deployment that the plan file names is of ${nameFrom(to, of)}`,
    "where the number in the file is meant, take serviceDeployment and images out of it",
  ],
};

type Moved = Named<PlanFileReason, "code", "imagesNotAsPlanned">["images"][number];

function describeMoved({ container, image, planned, starts }: Moved): string {
  return `${container}: ${shortImage(image)} as ${shortDigest(planned)}, and now ${shortDigest(starts)}`;
}
