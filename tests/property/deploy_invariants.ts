/** What holds for every deploy, and for its rollback, whatever AWS and others do meanwhile. */
import assert from "node:assert/strict";
import type { JsonObject } from "../emulator/model.ts";
import { SERVICE } from "../emulator/myservice.ts";
import { canonicalSettings } from "../shown_settings.ts";
import { checkAutomaticRollback } from "./automatic_rollback_invariants.ts";
import { type Deploy, hasFailedBy, isBack, isRollingBack, mayClamp, nameOf, ranBefore } from "./deploy_facts.ts";
import { definitionOf } from "./deploy_run.ts";
import type { Served } from "./observed.ts";
import { SCALING_WRITES } from "./faulty_operations.ts";
import {
  AFTER_TIMEOUT_MS,
  checkCauses,
  checkDeregistered,
  checkEnding,
  checkTime,
  checkUnchanged,
  hasSucceeded,
  isTrusted,
  named,
  outcomeOf,
  runsTarget,
  SERVICE_KEY,
} from "./run_invariants.ts";
import { checkScaling } from "./scaling_invariants.ts";

/** What reading ECS's record of the deployment may take. */
const RECORD_MS = 10_000;

/** Throws an AssertionError that names the broken promise. */
export function checkInvariants(run: Deploy): void {
  const target = findTarget(run);
  checkEnding(run);
  checkUnchanged(run);
  checkWrites(run, target);
  checkSuccess(run, target);
  checkGivenUp(run);
  if (!isRolledBack(run)) checkCauses(run, target, breakerOf(run));
  checkDeregistering(run);
  checkScaling(run);
  checkAutomaticRollback(run);
  checkTime(run, longestOf(run));
}

function isRolledBack({ events }: Deploy): boolean {
  return events.some(isRollingBack);
}

/** The circuit breaker that the deployment has: the definition may bring one. */
function breakerOf({ world, options }: Deploy) {
  const configuration = options.updatesService ? options.attributes.deploymentConfiguration as JsonObject : undefined;
  if (configuration === undefined) return world.breaker;
  const breaker = configuration.deploymentCircuitBreaker as { enable: boolean; rollback: boolean } | undefined;
  if (!breaker?.enable) return "none";
  return breaker.rollback ? "rollback" : "stop";
}

function shortName(arn: unknown): string {
  return String(arn).split("/").at(-1)!;
}

function registeredBy({ state }: Deploy): string | undefined {
  return nameOf(state.services[0]?.main?.registered);
}

/** What the service is to get; `undefined` when the run has not come so far as to know it. */
function findTarget(run: Deploy): string | undefined {
  const { state, options: { ships } } = run;
  if (typeof ships === "number") return `${SERVICE}:${ships}`;
  if (ships === "current") return ranBefore(run);
  return registeredBy(run) ?? nameOf(state.services[0]?.main?.plan.to);
}

/** Every member that the service may be given, besides the task definition. */
function attributeNames({ options }: Deploy): Set<string> {
  return new Set([
    ...(options.updatesService ? ["platformVersion", "networkConfiguration", ...Object.keys(options.attributes)] : []),
    ...(options.tasks === null ? [] : ["desiredCount"]),
  ]);
}

/** The right calls, with the right members, and no order twice. */
function checkWrites(run: Deploy, target: string | undefined): void {
  const { calls, options } = run;
  const applied = calls.filter(({ call }) => call.applied);
  const orders = (isOfBack: boolean, pattern: RegExp) =>
    applied.filter((served) => isBack(run, served) === isOfBack && pattern.test(served.call.operation));
  assert.ok(orders(false, /^(UpdateService|CreateService)$/).length <= 1, "more than one order to deploy took effect");
  assert.deepEqual(orders(false, /^StopServiceDeployment$/), [], "a deploy stopped a deployment");
  assert.ok(orders(true, /^UpdateService$/).length <= 1, "more than one update took the deploy back");
  const updating = orders(true, /^UpdateService$/).filter(({ call }) => call.input?.taskDefinition !== undefined);
  // ECS takes the order to stop again while it goes back, which changes nothing.
  const stopping = new Set(orders(true, /^StopServiceDeployment$/).map(({ call }) => call.input?.serviceDeploymentArn));
  assert.ok(updating.length + stopping.size <= 1, "more than one order to take the deploy back took effect");
  assert.ok(applied.filter(named("RegisterTaskDefinition")).length <= 1, "more than one was registered");
  assert.ok(!calls.some((served) => isBack(run, served) && /^(Register|Create)(?!Scal)/.test(served.call.operation)));

  const mayBe = attributeNames(run);
  const changed = applied.find((served) => named("UpdateService")(served) && !isBack(run, served))?.call.input ?? {};
  for (const served of calls.filter(named("UpdateService"))) {
    const { cluster: _, service: __, taskDefinition, forceNewDeployment, ...attributes } = served.call.input ?? {};
    if (isBack(run, served)) {
      for (const name of Object.keys(attributes)) assert.ok(name in changed, `${name} was not the deploy's to restore`);
      assert.equal(forceNewDeployment === true, "capacityProviderStrategy" in attributes, "forced, or not, back");
      if (taskDefinition !== undefined) assert.equal(shortName(taskDefinition), ranBefore(run));
    } else {
      for (const name of Object.keys(attributes)) assert.ok(mayBe.has(name), `${name} was not asked for`);
      assert.equal(forceNewDeployment === true, options.force || "capacityProviderStrategy" in attributes);
      if (taskDefinition !== undefined) assert.equal(shortName(taskDefinition), target);
    }
  }
  if (!options.suspend && !options.resume) {
    // It is looked at where the file has fewer tasks than auto scaling may have wanted.
    assert.ok(!calls.some(({ call }) => SCALING_WRITES.includes(call.operation)), "auto scaling was not asked for");
  }
}

/** `succeeded` is said only of what the world was seen to be, and still is unless somebody else has acted since. */
function checkSuccess(run: Deploy, target: string | undefined): void {
  const { world, options, code, calls, acts, final } = run;
  if (options.dryRun) return;
  const saysSucceeded = hasSucceeded(run);
  if (code === 0 && options.wait) assert.ok(saysSucceeded, "exit 0, but it was not said that the deploy succeeded");
  if (code !== 0 && code !== 8) assert.ok(!saysSucceeded, `exit ${code}, but success was reported`);
  if (code === 0) assert.ok(!isRolledBack(run), "exit 0 after the deploy was rolled back");
  if (!saysSucceeded) return;
  const lastSeen = calls.findLastIndex((served) =>
    /^DescribeService(s|Deployments)$/.test(served.call.operation) && served.call.outcome === "ok" &&
    (runsTarget(served.after, target!, world) ||
      options.until === "deployed" && hasDeployed(served, target!, world.strategy))
  );
  assert.ok(lastSeen >= 0, "success was reported of a service that never ran what was shipped");
  if (acts.some(({ call }) => call >= lastSeen) || !isTrusted(run)) return;
  const { taskDefinition, deployments } = final.services[SERVICE_KEY]!;
  assert.equal(taskDefinition, target, "success was reported, but the service does not run what was shipped");
  assert.ok(deployments.every(({ rolloutState }) => rolloutState !== "FAILED"), "success was reported of a failure");
  if (acts.length > 0) return;
  if (options.updatesService) checkSettings(run);
  const count = options.tasks ?? (options.updatesService ? options.attributes.desiredCount : undefined);
  if (count !== undefined && !mayClamp(run)) assert.equal(run.final.services[SERVICE_KEY]!.desiredCount, count);
}

/** The service is what its definition says, where that says something. */
function checkSettings({ world, options, settingsBefore, settingsAfter }: Deploy): void {
  const { desiredCount: _, ...written } = definitionOf(options, world);
  const wanted = canonicalSettings(written);
  for (const name of Object.keys(written)) {
    const isLatest = name === "platformVersion" && written[name] === "LATEST";
    if (!isLatest) assert.deepEqual(settingsAfter[name], wanted[name], `${name} is not what the definition says`);
  }
  if (options.isDeleted) return;
  const kept = Object.keys(settingsBefore).filter((name) => !(name in written) && !NOT_KEPT.has(name));
  for (const name of kept) {
    assert.deepEqual(settingsAfter[name], settingsBefore[name], `${name} was nobody's to change`);
  }
}

/** The task definition, the number of tasks, and what the launch type and the capacity providers decide. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  "capacityProviderStrategy",
  "desiredCount",
  "launchType",
  "platformFamily",
  "taskDefinition",
]);

/** The deployment is completed, whatever has become of the number of tasks. */
function hasDeployed({ after }: Served, target: string, strategy: string): boolean {
  const primary = after.services[SERVICE_KEY]?.deployments.find(({ status }) => status === "PRIMARY");
  return primary?.taskDefinition === target && (primary.rolloutState === "COMPLETED" || strategy !== "ROLLING");
}

/** The order, and suspending, which comes before it. */
const MAY_END_DEPLOY: ReadonlySet<string> = new Set([
  ...["CreateService", "UpdateService"],
  ...["RegisterScalableTarget", "TagResource"],
]);

/** So long tasks are healthy at most that crash. */
const LONGEST_CRASH_MS = 8_000;

/** Given up is only what was to be, after so many failures, and with no task that is healthy and stays so. */
function checkGivenUp(run: Deploy): void {
  const outcome = outcomeOf(run);
  if (outcome?.kind !== "givenUp") return;
  const { failAfter, events } = run.options;
  const isWanted = failAfter === null ? events.includes("DEPLOYMENT_FAILURE") : failAfter > 0;
  assert.ok(isWanted, "given up, and nobody wants that");
  assert.ok(outcome.stopped + outcome.unstarted >= outcome.limit, "given up too early");
  if (!isTrusted(run) || run.acts.length > 0) return;
  const ended = run.events.findIndex(({ kind }) => kind === "rolloutEnded");
  const last = run.calls.findLast((served) => served.events <= ended);
  const primary = last?.after.services[SERVICE_KEY]?.deployments.find(({ status }) => status === "PRIMARY");
  const { healthySinceMs = 0 } = primary ?? {};
  const isHealthy = healthySinceMs > 0 && last!.startedAtMs - healthySinceMs > LONGEST_CRASH_MS;
  assert.ok(!isHealthy, "given up while a task was healthy");
}

/** Only what this run has registered, for a deploy that failed, is deregistered, and never while it is in use. */
function checkDeregistering(run: Deploy): void {
  const { calls, options, events } = run;
  checkDeregistered(run, ranBefore(run));
  const registered = registeredBy(run);
  for (const { call } of calls.filter(named("DeregisterTaskDefinition"))) {
    assert.ok(options.deregistersFailed, "deregistering was not asked for");
    assert.equal(shortName(call.input?.taskDefinition), registered, "not what was registered for this deploy");
    const isRefused = events.some((event) =>
      event.kind === "failed" && event.failure.kind === "aws" && MAY_END_DEPLOY.has(event.failure.aws.operation)
    );
    assert.ok(isRefused || hasFailedBy(run) || isRolledBack(run), "deregistered, but nothing has failed");
  }
}

/** Rolling back has a time limit of its own, after what reading ECS's record of the deployment takes. */
function longestOf(run: Deploy): number {
  const limitMs = run.options.timeoutS * 1000 + AFTER_TIMEOUT_MS;
  if (run.options.events.length === 0) return limitMs;
  return limitMs + RECORD_MS + (isRolledBack(run) ? limitMs : 0);
}
