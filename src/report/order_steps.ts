import { isOfPlatform } from "../diagnosis/cause.ts";
import { shortName } from "../model/arn.ts";
import { isRolledBack, isRollingBack, nameOfTarget } from "./ending.ts";
import { nameOf, primarySeen } from "./live_now.ts";
import { comesFirst } from "./messages/causes/cause_text.ts";
import { type Advice, adviceFor, describeNextStep, type NextStep, nextSteps, tryAgain } from "./next_steps.ts";
import type { ServiceState } from "./state.ts";
import { findWayOut, isNotMendedByGoingBack } from "./way_out.ts";

/** A command to type, or advice on the cause; when to do that, and for which revision if that matters. */
export interface OrderedStep {
  readonly when: keyof typeof WHEN;
  readonly of?: string | undefined;
  readonly advice?: Advice;
  /** With advice: what to type after following it. */
  readonly typed?: NextStep;
}

const WHEN = {
  now: () => "",
  first: () => "first",
  firstOfAll: (of: string) => `first, so that nothing starts ${of} again,`,
  firstInPlace: () => "do not roll back, because that needs new tasks, too; first",
  then: () => "then",
  otherwise: () => "otherwise",
  ifItWorks: (of: string) => `if ${of} works,`,
  ifItAsksForMore: (of: string) => `if ${of} asks for more than what ran before,`,
  beforeItIsTriedAgain: (of: string) => `before ${of} is tried again`,
  beforeNextDeploy: () => "before the next deploy",
};

/** `first set the service back to myservice:4: ecspresso rollback ...` */
export function describeStep({ when, of = "it", advice, typed }: OrderedStep): string {
  const lead = WHEN[when](of);
  const command = typed && describeNextStep(typed);
  if (advice === undefined) return lead === "" ? command! : `${lead} ${command}`;
  return `${lead === "" ? "advice" : lead}: ${advice.text}${command === undefined ? "" : `; then ${command}`}`;
}

/** The commands and the advice on the cause, in the order in which to follow them. */
export function orderSteps(service: ServiceState): OrderedStep[] {
  const [next, ...others] = nextSteps(service);
  const advice = adviceFor(service);
  const typed: OrderedStep[] = next === undefined ? [] : [{ when: "now", typed: next }];
  if (next === undefined || advice === undefined) {
    const when = isRolledBack(service) && isRollingBack(service) ? "beforeNextDeploy" : "now";
    return advice === undefined ? typed : [...typed, { when, advice }];
  }
  const [cause] = service.main?.causes ?? [];
  const isFirst = isNotMendedByGoingBack(service) || (cause !== undefined && comesFirst(cause));
  switch (next.kind) {
    case "retry":
      return [{ when: isOfPlatform(cause!) ? "firstInPlace" : "first", advice }, { when: "then", typed: next }];
    case "rollBack": {
      const choice = others.filter(({ kind }) => kind === "choose")
        .map((other): OrderedStep => ({ when: "otherwise", typed: other }));
      if (isFirst) return [{ when: "first", advice }, { when: "then", typed: next }, ...choice];
      return cause?.code === "noRoom" ? byDemand(next, advice, service) : goBackFirst(next, advice, service, choice);
    }
    case "follow":
      return isFirst
        ? [{ when: "first", advice }, { when: "then", typed: next }]
        : [...typed, { when: "then", advice }];
    default:
      return [{ when: "now", advice }, ...typed];
  }
}

function goBackFirst(
  back: NextStep,
  advice: Advice,
  service: ServiceState,
  choice: readonly OrderedStep[],
): OrderedStep[] {
  const way = findWayOut(service);
  if (service.main?.plan.intent !== "rollback") {
    const primary = primarySeen(service);
    const first: OrderedStep = primary !== undefined && way?.isLive === true
      ? { when: "firstOfAll", of: nameOf(primary), typed: back }
      : { when: "first", typed: back };
    return [first, { when: "then", advice }];
  }
  const first: OrderedStep = choice.length === 0
    ? { when: "first", typed: back }
    : { when: "ifItWorks", of: way && shortName(way.to), typed: back };
  return [first, ...choice, { when: "beforeItIsTriedAgain", of: nameOfTarget(service), advice }];
}

/** If there is no room for tasks, it depends on what the release asks for: a rollback needs room for new tasks, too. */
function byDemand(back: NextStep, advice: Advice, service: ServiceState): OrderedStep[] {
  const primary = primarySeen(service);
  return [
    { when: "ifItAsksForMore", of: primary && nameOf(primary), typed: back },
    { when: "otherwise", advice, typed: tryAgain(service) },
  ];
}
