import { shortName } from "../model/arn.ts";
import type { ServiceRef } from "../model/service.ts";
import {
  continueCommand,
  describeAlarmsCommand,
  ecspressoCommand,
  explainStoppedTasksCommand,
  updateServiceCommand,
} from "../model/typed_commands.ts";
import { byKind } from "./messages/cases.ts";
import { nameOf } from "./live_now.ts";
import { nameFrom } from "./messages/phrases.ts";
import { planFileCommand } from "./plan_file_text.ts";
import type { NextStep } from "./next_steps.ts";
import type { OrderedStep } from "./order_steps.ts";
import { restoresNetwork, type WayOut } from "./way_out.ts";
import { USUAL_BAKE, waitFor } from "./bake_text.ts";

/** A command to type. `purpose`: in lower case; a colon and the command follow. */
export interface TypedStep {
  readonly purpose: string;
  readonly command: string;
}

/** The words and the command of each step. */
export const renderStep = byKind<NextStep, TypedStep>({
  rollBack: ({ ref, way, cause }) => {
    if (way === undefined) {
      return { purpose: "roll back", command: ecspressoCommand(ref, "rollback --revision previous") };
    }
    const network = restoresNetwork(way, cause) ? " and to its own subnets and security groups" : "";
    const how = way.isLive ? " (ECS replaces its running tasks with new ones)" : "";
    return {
      purpose: `set the service back to ${shortName(way.to)}${network}${how}`,
      command: renderWayOut(ref, way, restoresNetwork(way, cause)),
    };
  },
  retry: ({ ref, primary }) => {
    // Without `--query`, the description of the service would fill the screen.
    const again = `${updateServiceCommand(ref, "forceNewDeployment", true)} --query service.status`;
    return {
      purpose: `start ${primary === undefined ? "the deployment" : nameOf(primary)} again`,
      command: `${again} && ${ecspressoCommand(ref, "wait")}`,
    };
  },
  deployMended: ({ ref }) => ({ purpose: "mend it, then", command: ecspressoCommand(ref, "deploy") }),
  choose: ({ ref }) => ({
    purpose: `list the revisions (then type ${ecspressoCommand(ref, "rollback --revision N")})`,
    command: ecspressoCommand(ref, "revisions --output table"),
  }),
  look: ({ ref }) => ({ purpose: "see what runs now", command: ecspressoCommand(ref, "status") }),
  watchEcs: ({ ref }) => ({
    purpose: "ECS rolls back by itself; watch until it has",
    command: ecspressoCommand(ref, "wait"),
  }),
  explainTasks: ({ ref }) => ({ purpose: "why its tasks stopped", command: explainStoppedTasksCommand(ref) }),
  explainAlarms: ({ ref, alarms }) => ({
    purpose: `why the alarm${alarms.length === 1 ? "" : "s"} fired`,
    command: describeAlarmsCommand(ref, alarms),
  }),
  answer: ({ serviceDeployment, hook }) => ({
    purpose: "to go on",
    command: continueCommand(serviceDeployment, hook, "CONTINUE"),
  }),
  follow: ({ ref, bake }) => ({ purpose: "to follow the deployment", command: ecspressoCommand(ref, waitFor(bake)) }),
  judge: ({ ref, bake }) => ({
    purpose: bake === undefined ? "to see whether it helped" : "to ask again later whether it helped",
    command: ecspressoCommand(ref, waitFor(bake ?? USUAL_BAKE)),
  }),
  goOnWithPlan: ({ planFile }) => ({ purpose: "to go on with it", command: planFileCommand(planFile) }),
});

/** `to follow the deployment: ecspresso wait` */
export function describeNextStep(step: NextStep): string {
  const { purpose, command } = renderStep(step);
  return `${purpose}: ${command}`;
}

/** `ecspresso rollback --revision 2 --from 3`: refused if somebody has deployed meanwhile. */
export function renderWayOut(ref: ServiceRef, { to, from }: WayOut, restores = false): string {
  const where = `--revision ${nameFrom(from, to)} --from ${nameFrom(to, from)}`;
  return ecspressoCommand(ref, `rollback ${where}${restores ? " --restore service" : ""}`);
}

const WHEN: Readonly<Record<OrderedStep["when"], (of: string) => string>> = {
  now: () => "",
  first: () => "first",
  firstOfAll: (of) => `first, so that nothing starts ${of} again,`,
  firstInPlace: () => "do not roll back, because that needs new tasks, too; first",
  then: () => "then",
  otherwise: () => "otherwise",
  ifItWorks: (of) => `if ${of} works,`,
  ifItAsksForMore: (of) => `if ${of} asks for more than what ran before,`,
  beforeItIsTriedAgain: (of) => `before ${of} is tried again`,
  beforeNextDeploy: () => "before the next deploy",
};

/** `first set the service back to myservice:4: ecspresso rollback ...` */
export function describeStep({ when, of = "it", advice, typed }: OrderedStep): string {
  const lead = WHEN[when](of);
  const command = typed && describeNextStep(typed);
  if (advice === undefined) return lead === "" ? command! : `${lead} ${command}`;
  return `${lead === "" ? "advice" : lead}: ${advice.text}${command === undefined ? "" : `; then ${command}`}`;
}

/** The same for the last lines of `status`, without the purpose: `first: ecspresso rollback ...` */
export function describeStepShortly({ when, of = "it", advice, typed }: OrderedStep): string {
  const command = typed && (typed.kind === "deployMended" ? describeNextStep(typed) : renderStep(typed).command);
  const atOnce = advice === undefined ? "next" : "advice";
  const lead = when === "now" ? atOnce : when.startsWith("first") ? "first" : WHEN[when](of).replace(/,$/, "");
  return `${lead}: ${[advice?.text, command].filter((text) => text !== undefined).join("; then ")}`;
}
