import { shortName } from "../model/arn.ts";
import {
  continueCommand,
  describeAlarmsCommand,
  explainStoppedTasksCommand,
  startAnewCommand,
} from "./messages/typed_commands.ts";
import { byKind } from "./messages/cases.ts";
import { nameOf } from "./live_now.ts";
import { commandTo, leaveCommand, planFileCommand, SUGGESTED_BAKE, watchCommand } from "./messages/own_commands.ts";
import type { NextStep } from "./next_steps.ts";
import type { OrderedStep } from "./order_steps.ts";
import { restoresNetwork } from "./failing_deployment.ts";

/** A command to type. `purpose`: in lower case; a colon and the command follow. */
export interface TypedStep {
  readonly purpose: string;
  readonly command: string;
}

/** The words and the command of each step. `name`: how the name of a revision is written. */
export const renderStep = byKind<NextStep, TypedStep, [name?: (revision: string) => string]>({
  rollBack: ({ ref, fallback, cause }, name = asItIs) => {
    if (fallback === undefined) return { purpose: "roll back", command: commandTo("goBack", ref) };
    const network = restoresNetwork(fallback, cause) ? " and to its own subnets and security groups" : "";
    const how = fallback.isLive ? " (ECS replaces its running tasks with new ones)" : "";
    return {
      purpose: `set the service back to ${name(shortName(fallback.to))}${network}${how}`,
      command: leaveCommand(ref, fallback, restoresNetwork(fallback, cause)),
    };
  },
  retry: ({ ref, primary }, name = asItIs) => ({
    purpose: `start ${primary === undefined ? "the deployment" : name(nameOf(primary))} again`,
    command: `${startAnewCommand(ref)} && ${commandTo("watch", ref)}`,
  }),
  fixAndDeploy: ({ ref }) => ({ purpose: "fix it, then", command: commandTo("deploy", ref) }),
  choose: ({ ref }) => ({
    purpose: `list the revisions (then type ${commandTo("goBackTo", ref)})`,
    command: commandTo("chooseRevision", ref),
  }),
  look: ({ ref }) => ({ purpose: "see what runs now", command: commandTo("look", ref) }),
  watchEcs: ({ ref }) => ({
    purpose: "ECS rolls back by itself; watch until it has",
    command: commandTo("watch", ref),
  }),
  explainTasks: ({ ref }) => ({ purpose: "why its tasks stopped", command: explainStoppedTasksCommand(ref) }),
  explainAlarms: ({ ref, alarms }) => ({
    purpose: `why the alarm${alarms.length === 1 ? "" : "s"} fired`,
    command: describeAlarmsCommand(ref, alarms),
  }),
  answer: ({ serviceDeployment, hook, action }) => ({
    purpose: action === "CONTINUE" ? "to go on" : "to roll back",
    command: continueCommand(serviceDeployment, hook, action),
  }),
  follow: ({ ref, bake }) => ({ purpose: "to follow the deployment", command: watchCommand(ref, bake) }),
  judge: ({ ref, bake }) => ({
    purpose: bake === undefined ? "to see whether it helped" : "to ask again later whether it helped",
    command: watchCommand(ref, bake ?? SUGGESTED_BAKE),
  }),
  goOnWithPlan: ({ planFile }) => ({ purpose: "to go on with it", command: planFileCommand(planFile) }),
});

const asItIs = (text: string) => text;

/** `to follow the deployment: ecspresso wait` */
export function describeNextStep(step: NextStep): string {
  const { purpose, command } = renderStep(step);
  return `${purpose}: ${command}`;
}

const WHEN: Readonly<Record<OrderedStep["when"], (of: string) => string>> = {
  now: () => "",
  first: () => "first",
  firstOfAll: (of) => `first, so that nothing starts ${of} again`,
  firstInPlace: () => "do not roll back, because that needs new tasks, too; first",
  then: () => "then",
  otherwise: () => "otherwise",
  ifItWorks: (of) => `if ${of} works`,
  ifItAsksForMore: (of) => `if ${of} asks for more than what ran before`,
  beforeItIsTriedAgain: (of) => `before ${of} is tried again`,
  beforeNextDeploy: () => "before the next deploy",
};

/** With a clause, a comma stands before what to do. */
const CLAUSES: ReadonlySet<OrderedStep["when"]> = new Set(["firstOfAll", "ifItWorks", "ifItAsksForMore"]);

/** `first set the service back to myservice:4: ecspresso rollback ...` */
export function describeStep({ when, of = "it", advice, typed }: OrderedStep): string {
  const lead = WHEN[when](of);
  const command = typed && describeNextStep(typed);
  if (advice === undefined) return lead === "" ? command! : `${lead}${CLAUSES.has(when) ? "," : ""} ${command}`;
  return `${lead === "" ? "advice" : lead}: ${advice.text}${command === undefined ? "" : `; then ${command}`}`;
}

/** The same for the last lines of `status`, without the purpose: `first: ecspresso rollback ...` */
export function describeStepShortly({ when, of = "it", advice, typed }: OrderedStep): string {
  const command = typed && (typed.kind === "fixAndDeploy" ? describeNextStep(typed) : renderStep(typed).command);
  const atOnce = advice === undefined ? "next" : "advice";
  const lead = when === "now" ? atOnce : when.startsWith("first") ? "first" : WHEN[when](of);
  return `${lead}: ${[advice?.text, command].filter((text) => text !== undefined).join("; then ")}`;
}
