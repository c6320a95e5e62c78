import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { primaryDeployment } from "../../model/service.ts";
import { hasGoneBack, isGoingBack, type ServiceDeployment } from "../../model/service_deployment.ts";
import { foreseeWaits } from "./foresee_way_back.ts";
import { findStopCause, hasReached, type RollbackEvent } from "../assess.ts";
import type { Outcome } from "../events.ts";
import type { PlanNotice } from "./notice.ts";
import { makePlan, type Planned, type Step, type UpdateService } from "./plan.ts";
import type { DeployUndo } from "./deploy_plan_parts.ts";
import { planRollback } from "./plan_rollback.ts";
import type { RollbackOptions } from "./rollback_position.ts";
import { planScaling } from "./plan_scaling.ts";
import type { CurrentState } from "../read/read_current_state.ts";
import { refuse } from "./refusal.ts";
import { forceWhereDemanded, startsDeployment, strategyWith } from "./starts_deployment.ts";

/**
 * Which event the end of a deploy is. Somebody else's deployment, a deleted service and a stop by the user are none:
 * there is nothing to roll back, or nobody wants it. `record`: ECS's own record of the deployment, where it could be
 * read.
 */
export function classifyEnd(outcome: Outcome, record: ServiceDeployment | undefined): RollbackEvent | undefined {
  if (outcome.kind === "timedOut") {
    return outcome.ordered === "yes" && outcome.isCrashLooping ? "DEPLOYMENT_FAILURE" : undefined;
  }
  if (outcome.kind !== "failed" && outcome.kind !== "rolledBackByEcs") return undefined;
  const { reason } = outcome;
  return findStopCause(record, typeof reason === "string" ? reason : undefined);
}

/**
 * Plans to roll a deploy back: to the task definition from before it, and with just those attributes of the service
 * that it has changed. Refuses where somebody has deployed something else meanwhile, and where the deploy has changed
 * nothing.
 */
export function planAutomaticRollback(state: CurrentState, undo: DeployUndo, options: RollbackOptions): Planned {
  const attributes = attributesToRestore(state, undo);
  const { from, to } = undo;
  const { ref, service, newest } = state;
  const running = service?.taskDefinition;
  const hasTurnedBack = newest !== undefined &&
    (isGoingBack(newest.deployment) || hasGoneBack(newest.deployment));
  if (running !== undefined && running !== from?.arn && running !== to?.arn) {
    const revision = parseTaskDefinitionArn(running);
    const isByEcs = hasTurnedBack && from !== undefined && newest.cameFrom === running;
    return refuse(
      "rollback",
      ref,
      isByEcs ? { code: "ecsWentFurtherBack", running: revision, from } : { code: "deployedOver", running: revision },
    );
  }
  if (from !== undefined && from.arn === to?.arn && !hasTurnedBack) {
    if (Object.keys(attributes).length > 0) {
      return planAttributesOnly(state, from, attributes, undo.failedBefore, options);
    }
    const primary = service && primaryDeployment(service);
    if (service === undefined || primary === undefined || !hasReached("stable", service, primary)) {
      return refuse("rollback", ref, { code: "nothingChanged", running: from });
    }
  }
  const planned = planRollback(state, options, attributes);
  if (planned.kind === "refused" || Object.keys(attributes).length === 0) return planned;
  const steps = addAttributes(planned.plan.steps, attributes, state, undo.inRevision);
  return { kind: "plan", plan: { ...planned.plan, steps } };
}

/** The number of tasks only where it is still the one that the deploy has set. */
function attributesToRestore({ service }: CurrentState, { before, desiredCount }: DeployUndo): JsonObject {
  const { desiredCount: countBefore, ...others } = before;
  const isOurs = desiredCount !== undefined && service?.desiredCount === desiredCount;
  return forceWhereDemanded(isOurs && countBefore !== undefined ? { ...others, desiredCount: countBefore } : others);
}

/** One update does all, where one is made; where ECS goes back by itself, what that leaves out follows afterwards. */
function addAttributes(
  steps: readonly Step[],
  attributes: JsonObject,
  state: CurrentState,
  inRevision: readonly string[],
): Step[] {
  const complete = <Update extends UpdateService>(update: Update) => withAttributes(update, attributes, state);
  if (steps.some(({ kind }) => kind === "updateService")) {
    return steps.map((step) => step.kind === "updateService" ? complete(step) : step);
  }
  const isRest = (name: string) => !inRevision.includes(name) && name !== "forceNewDeployment";
  const rest = Object.fromEntries(Object.entries(attributes).filter(([name]) => isRest(name)));
  const stops = steps.map((step): Step =>
    step.kind === "stopDeployment" ? { ...step, otherwise: complete(step.otherwise) } : step
  );
  if (Object.keys(rest).length === 0) return stops;
  const update: UpdateService = { kind: "updateService", taskDefinition: undefined, attributes: rest };
  const end = stops.findIndex(({ kind }) => kind === "restoreScaling" || kind === "deregister");
  return end < 0 ? [...stops, update] : [...stops.slice(0, end), update, ...stops.slice(end)];
}

/** The update back may be the one that brings a strategy back of which the service deployment is followed. */
function withAttributes<Update extends UpdateService>(
  update: Update,
  attributes: JsonObject,
  { service, newest }: CurrentState,
): Update {
  const shifts = service !== undefined && strategyWith(attributes, service) !== "ROLLING";
  return {
    ...update,
    attributes,
    ...(shifts && { newerThan: update.newerThan ?? { serviceDeployment: newest?.deployment.arn } }),
  };
}

/**
 * The task definition is the one from before: only the service's attributes go back. Where that starts no deployment
 * and the one in place had failed before the deploy, nothing follows that could be waited for: that failure stands.
 */
function planAttributesOnly(
  { ref, service, scaling: scalingState, newest, denied }: CurrentState,
  from: Revision,
  attributes: JsonObject,
  failedBefore: string | undefined,
  options: RollbackOptions,
): Planned {
  const primary = service && primaryDeployment(service);
  const failureStands = failedBefore !== undefined && primary?.id === failedBefore && !startsDeployment(attributes);
  const scaling = planScaling(scalingState, options, !failureStands, service?.desiredCount ?? 0);
  const deploysAnew = service !== undefined && strategyWith(attributes, service) !== "ROLLING" &&
    startsDeployment(attributes);
  return makePlan({
    ...{ intent: "rollback", subject: ref, from, to: from },
    steps: [
      scaling.suspend,
      {
        ...{ kind: "updateService", taskDefinition: undefined, attributes },
        ...(deploysAnew && { newerThan: { serviceDeployment: newest?.deployment.arn } }),
      },
      !failureStands && { kind: "awaitDeployment", taskDefinition: from, follows: undefined },
      scaling.restore,
    ],
    notices: [
      ...denied.map((denial): PlanNotice => ({ code: "notRead", denial, intent: "rollback" })),
      ...(deploysAnew ? foreseeWaits(service, "newDeployment", options.timeoutMs ?? 0, attributes) : []),
      ...scaling.notices,
    ],
    basedOn: primary?.id,
  });
}
