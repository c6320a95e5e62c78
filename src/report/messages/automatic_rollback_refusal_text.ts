import { shortName } from "../../model/arn.ts";
import { ecspressoCommand } from "../../model/typed_commands.ts";
import type { AutomaticRollbackReason } from "../../rollout/plan/refusal.ts";
import { shortImage } from "./image_text.ts";
import { nameFrom, type RefusalTexts } from "./phrases.ts";

export const AUTOMATIC_ROLLBACK: RefusalTexts<AutomaticRollbackReason["code"]> = {
  ecsWentFurtherBack: ({ running, from }) => [
    `to ${shortName(from)}`,
    `it was never completed, and ECS went back to ${shortName(running)} by itself, which stays`,
  ],
  deployedOver: ({ running }) => ["", `somebody deployed ${shortName(running)} meanwhile, which stays`],
  nothingChanged: ({ ref, running }) => [
    "",
    `the deploy changed nothing to roll back; the service ran ${shortName(running)} before it, too`,
    `to go further back: ${ecspressoCommand(ref, "rollback --revision previous")}`,
  ],
  ranImageGone: ({ ref, running, from, images }) => [
    `to what ran with ${shortName(from)}`,
    "its image is no longer in Amazon ECR " +
    `(${images.map(({ container, image, ran }) => `${container}: ${shortImage(image)}, ${ran}`).join("; ")})`,
    // Of the same task definition, the tag names what has just failed.
    ...(running.arn === from.arn ? [] : [
      "to start what the tag names today, which is NOT what ran: " +
      ecspressoCommand(ref, `rollback --revision ${nameFrom(running, from)} --pin never`),
    ]),
    `see what else ran, and go back to that by --deployment: ${ecspressoCommand(ref, "history")}`,
  ],
};
