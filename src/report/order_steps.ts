import { isOfPlatform } from "../diagnosis/cause.ts";
import { type Revision, shortName } from "../model/arn.ts";
import { isRolledBack, isRollingBack, nameOfTarget } from "./ending.ts";
import { nameOf } from "./live_now.ts";
import { comesFirst } from "./messages/causes/cause_text.ts";
import type { ServiceState } from "./state.ts";
import { type Advice, adviceFor } from "./advice.ts";
import { type NextStep, nextSteps, retry } from "./next_steps.ts";
import { type FailingDeployment, failingDeploymentOf, rollbackWouldFail } from "./failing_deployment.ts";

/** A command to type, or advice on the cause; when to do that, and for which revision if that matters. */
export interface OrderedStep {
  readonly when:
    | ("now" | "first" | "firstOfAll" | "firstInPlace" | "then" | "otherwise")
    | ("ifItWorks" | "ifItAsksForMore" | "beforeItIsTriedAgain" | "beforeNextDeploy");
  readonly of?: string | undefined;
  readonly advice?: Advice;
  /** With advice: what to type after following it. */
  readonly typed?: NextStep;
}

/** What to type and what to do about the cause after a run, in the order in which to follow it. */
export function orderSteps(service: ServiceState): OrderedStep[] {
  const [steps, advice] = [nextSteps(service), adviceFor(service)];
  if (steps.length === 0 && advice !== undefined && isRolledBack(service) && isRollingBack(service)) {
    return [{ when: "beforeNextDeploy", advice }];
  }
  const failedTarget = service.main?.plan.intent === "rollback" ? nameOfTarget(service) : undefined;
  return withAdvice(steps, advice, failingDeploymentOf(service), failedTarget);
}

/** @param tried the target of a rollback that failed */
export function withAdvice(
  [next, ...others]: readonly NextStep[],
  advice: Advice | undefined,
  failing: FailingDeployment,
  tried?: string,
): OrderedStep[] {
  const typed: OrderedStep[] = next === undefined ? [] : [{ when: "now", typed: next }];
  if (advice === undefined) return typed;
  const { cause } = failing;
  const isFirst = rollbackWouldFail(failing) || (cause !== undefined && comesFirst(cause));
  switch (next?.kind) {
    case "retry":
      return [{ when: isOfPlatform(cause!) ? "firstInPlace" : "first", advice }, { when: "then", typed: next }];
    case "rollBack": {
      const choice = others.filter(({ kind }) => kind === "choose")
        .map((other): OrderedStep => ({ when: "otherwise", typed: other }));
      if (isFirst) return [{ when: "first", advice }, { when: "then", typed: next }, ...choice];
      if (cause?.code === "noRoom") return byDemand(next, advice, failing);
      return tried === undefined
        ? [{ ...backFirst(failing), typed: next }, { when: "then", advice }]
        : backIfItWorks(next, choice, { when: "beforeItIsTriedAgain", of: tried, advice }, failing.fallback?.to);
    }
    case "follow":
    case "fixAndDeploy":
      return isFirst
        ? [{ when: "first", advice }, { when: "then", typed: next }]
        : [...typed, { when: "then", advice }];
    default:
      return [{ when: "now", advice }, ...typed];
  }
}

/** Once the service is set back, nothing starts what failed. */
function backFirst({ fallback, primary }: FailingDeployment): OrderedStep {
  return primary !== undefined && fallback?.isLive === true
    ? { when: "firstOfAll", of: nameOf(primary) }
    : { when: "first" };
}

/** After a rollback that failed: the release that it was to leave may be bad. */
function backIfItWorks(
  back: NextStep,
  choice: readonly OrderedStep[],
  last: OrderedStep,
  to: Revision | undefined,
): OrderedStep[] {
  const first: OrderedStep = choice.length === 0
    ? { when: "first", typed: back }
    : { when: "ifItWorks", of: to && shortName(to), typed: back };
  return [first, ...choice, last];
}

/** If there is no room for tasks, it depends on what the release asks for: a rollback needs room for new tasks, too. */
function byDemand(back: NextStep, advice: Advice, failing: FailingDeployment): OrderedStep[] {
  const { primary } = failing;
  return [
    { when: "ifItAsksForMore", of: primary && nameOf(primary), typed: back },
    { when: "otherwise", advice, typed: retry(failing) },
  ];
}
