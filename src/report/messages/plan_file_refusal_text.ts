import { shortName } from "../../model/arn.ts";
import type { PlanFileReason } from "../../rollout/plan/refusal.ts";
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
    if (!isOther && asked === plannedIn) {
      return ["", `the plan is for the partition ${ofPartition}, and this would be ${partition}`, "make a new plan"];
    }
    return [
      "",
      `the plan is for the ${isOther ? `account ${ofAccount}` : `region ${plannedIn}`}, and this would be ${
        isOther ? account : asked
      }`,
      isOther
        ? "use credentials of that account, or --assume-role-arn"
        : `set the region of the plan: AWS_REGION=${plannedIn}`,
    ];
  },
  imagesNotAsPlanned: ({ to, images }) => [
    `to ${shortName(to)}`,
    `the plan says other images than would start (${
      images.map(({ container, image, planned, starts }) =>
        `${container}: ${shortImage(image)} as ${shortDigest(planned)}, and now ${shortDigest(starts)}`
      ).join("; ")
    })`,
    `look at what starts now, and ${PLAN_ANEW}`,
  ],
  planNamesAnother: ({ to, of }) => [
    `to ${shortName(to)}`,
    `the deployment that the plan file names is of ${nameFrom(to, of)}`,
    "where the number in the file is meant, take serviceDeployment and images out of it",
  ],
};
