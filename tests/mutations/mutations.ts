/**
 * Deliberate breakages of the safety rules, as data: `deno task mutate` applies one at a time to a copy of the sources and
 * expects that a test fails. One that survives is a rule that nothing shows to hold.
 */
export interface Mutation {
  /** What goes wrong. */
  readonly name: string;
  /** The rule that it breaks: of design.md's "Rules of the domain", or of the exit codes. */
  readonly rule: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs in the file exactly once. */
  readonly search: string;
  readonly replacement: string;
}

const FOLLOW_OWN = "success is the own deployment COMPLETED with its running = desired, nothing else";
const OWN_WORDS = "failed, turned back, superseded, gone: each its own outcome, judged from what is ours";
const SAME_BASIS = "what changed since the plan was made is refused before the first write";
const GIVEN_BACK = "auto scaling is given back on every way out";
const RECORD = "the prior flags are on record before they are changed, and a record is never overwritten";
const SOMEBODYS = "flags that somebody has set meanwhile are left alone; min/max are never sent";
const UNUSED_ONLY = "deregister last, only after success, and only what nothing uses";
const ONCE = "an order that may have arrived is never given twice";
const NO_SECOND = "no second deployment where ECS goes back already; stopped is only what came from the target";
const TAKEN_BACK =
  "a deploy is taken back only where it failed as named, is still there, and to what was there before it";
const OWN_TIME = "the way back has a timeout of its own";
const EXACTLY = "taken back is exactly what the deploy has changed, once, and nothing of others";
const OPTIONAL = "what is optional and cannot be had costs a warning, not the run";
const HARMLESS = "exit codes 2 to 4 and a dry run change nothing";
const TOLD = "whoever reads a run as events, or in a job's log, is told how it ended, and by nobody else";
const IN_ROLE = "with a role, every call is made in it or not at all";
const AS_TYPED = "the command line does what it says, or nothing";
const PATIENCE = "throttling is survived until the command's own timeout";
const CODES = "exit code 0 only for what the user asked for";

const WHOLE = "nothing of a definition is lost unnoticed";

export const MUTATIONS: readonly Mutation[] = [
  {
    name: "a copy that lacks something is given to the service",
    rule: WHOLE,
    file: "src/rollout/execute.ts",
    search: 'if (step.kind === "registerCopy" && lost.length > 0) return',
    replacement: 'if (step.kind === "registerCopy" && lost.length > 99) return',
  },
  {
    name: "a copy that lacks something stays the newest revision",
    rule: WHOLE,
    file: "src/rollout/execute.ts",
    search:
      "const { leftover } = await deregisterUnused(copied.copy, this.plan.subject, this.ports.ecs, this.#signal);",
    replacement: "const leftover = undefined;",
  },
  {
    name: "what the SDK does not know is not sent",
    rule: WHOLE,
    file: "src/aws/keep_unknown_members.ts",
    search: "if (whole !== known) request.body",
    replacement: "if (whole === undefined) request.body",
  },
  {
    name: "what the SDK does not know is not read",
    rule: WHOLE,
    file: "src/aws/keep_unknown_members.ts",
    search: "if (!body) return result;",
    replacement: "if (body !== undefined) return result;",
  },
  {
    name: "what ECS has dropped of a file is not said",
    rule: WHOLE,
    file: "src/rollout/register_definition.ts",
    search: "notice: lost.length === 0 ? undefined",
    replacement: "notice: lost.length >= 0 ? undefined",
  },
  {
    name: "one of two spellings of a member is dropped",
    rule: WHOLE,
    file: "src/aws/read_definition.ts",
    search: "} else if (read.has(name)) {",
    replacement: "} else if (read.size < 0) {",
  },
  {
    name: "any steady state is success",
    rule: FOLLOW_OWN,
    file: "src/rollout/assess.ts",
    search: 'const hasSucceeded = deployment?.status === "PRIMARY" && hasReached(until, service, deployment);',
    replacement: "const hasSucceeded = primary !== undefined && hasReached(until, service, primary);",
  },
  {
    name: "COMPLETED is success without its tasks",
    rule: FOLLOW_OWN,
    file: "src/rollout/assess.ts",
    search: 'primary.rolloutState === "COMPLETED" && runsEnough(service, primary);',
    replacement: 'primary.rolloutState === "COMPLETED";',
  },
  {
    name: "an early success counts without a single task",
    rule: FOLLOW_OWN,
    file: "src/rollout/assess.ts",
    search: "Math.max(1, Math.ceil(",
    replacement: "Math.max(0, Math.ceil(",
  },
  {
    name: "what CloudWatch does not tell ends the deploy",
    rule: OPTIONAL,
    file: "src/rollout/read_deploy_situation.ts",
    search: "    return { armed, ecsGoesBack, states: { unknown: error.message } };",
    replacement: "    throw error;",
  },
  {
    name: "FAILED is not read",
    rule: OWN_WORDS,
    file: "src/rollout/assess.ts",
    search: 'if (deployment?.rolloutState === "FAILED") {',
    replacement: "if (false) {",
  },
  {
    name: "ECS's turning back is not read",
    rule: OWN_WORDS,
    file: "src/rollout/assess.ts",
    search: "if (reversal !== undefined) {",
    replacement: "if (false) {",
  },
  {
    name: "a stale read of the old PRIMARY is taken for superseded",
    rule: OWN_WORDS,
    file: "src/rollout/assess.ts",
    search: " && !predecessors.has(primary.id)",
    replacement: "",
  },
  {
    name: "the event of an earlier deployment is taken for ours",
    rule: OWN_WORDS,
    file: "src/rollout/assess.ts",
    search: "createdAtMs >= own.createdAtMs && ",
    replacement: "",
  },
  {
    name: "one read without the service is believed",
    rule: OWN_WORDS,
    file: "src/rollout/watch.ts",
    search: "MISSING_READS_BELIEVED = 3",
    replacement: "MISSING_READS_BELIEVED = 1",
  },
  {
    name: "the plan is not checked again before the first write",
    rule: SAME_BASIS,
    file: "src/rollout/read_basis.ts",
    search: " && primary?.id === plan.basedOn) return",
    replacement: ") return",
  },
  {
    name: "flags that somebody has set since the plan was made are suspended over",
    rule: SOMEBODYS,
    file: "src/rollout/scaling_guard.ts",
    search: "return now === undefined || !sameSuspendedState(now.suspendedState, suspendedState);",
    replacement: "return false;",
  },
  {
    name: "restoring is skipped on failure",
    rule: GIVEN_BACK,
    file: "src/rollout/execute.ts",
    search: "const leftover = yield* this.#scaling.giveBack();",
    replacement:
      'const leftover = end === undefined || end.kind === "succeeded" || end.kind === "unchanged" ? yield* this.#scaling.giveBack() : undefined;',
  },
  {
    name: "restoring is skipped on a thrown error",
    rule: GIVEN_BACK,
    file: "src/rollout/execute.ts",
    search: "const leftover = yield* this.#scaling.giveBack();",
    replacement: "const leftover = failure === undefined ? yield* this.#scaling.giveBack() : undefined;",
  },
  {
    name: "restoring is cut off by what made it necessary",
    rule: GIVEN_BACK,
    file: "src/rollout/scaling_guard.ts",
    search: "clock.deadline(stop.aborted ? RESTORE_AFTER_STOP_WITHIN_MS : RESTORE_WITHIN_MS).addEventListener",
    replacement: "clock.deadline(0).addEventListener",
  },
  {
    name: "a suspension whose answer was lost is not taken back",
    rule: GIVEN_BACK,
    file: "src/rollout/scaling_guard.ts",
    search: '    this.owe();\n    this.#suspension = "uncertain";',
    replacement: '    this.#suspension = "uncertain";',
  },
  {
    name: "a read that lags behind the suspension is believed: nothing to restore",
    rule: GIVEN_BACK,
    file: "src/rollout/change_scaling.ts",
    search: "if (isBack && !hasSuspended) return undefined;",
    replacement: "if (isBack) return undefined;",
  },
  {
    name: "the record is removed although the suspension may yet come into force",
    rule: GIVEN_BACK,
    file: "src/rollout/scaling_guard.ts",
    search: '!this.#isUnrecorded && this.#suspension !== "uncertain";',
    replacement: "!this.#isUnrecorded;",
  },
  {
    name: "the record is not removed after restoring",
    rule: GIVEN_BACK,
    file: "src/rollout/change_scaling.ts",
    search: "if (!hasRecord || target.arn === undefined) return said;",
    replacement: "if (target !== undefined) return said;",
  },
  {
    name: "the record is written after suspending",
    rule: RECORD,
    file: "src/rollout/change_scaling.ts",
    search: 'if (record === "write" && target.arn !== undefined) {',
    replacement: `if (!sameSuspendedState(target.suspendedState, ALL_SUSPENDED)) {
    await scaling.setSuspendedState(target.resourceId, ALL_SUSPENDED, signal);
    target = { ...target, suspendedState: ALL_SUSPENDED };
  }
  if (record === "write" && target.arn !== undefined) {`,
  },
  {
    name: "an existing record is overwritten",
    rule: RECORD,
    file: "src/rollout/plan_scaling.ts",
    search: 'if (record !== undefined) return "keep";',
    replacement: "",
  },
  {
    name: "the flags of now count, and not those on record",
    rule: RECORD,
    file: "src/rollout/plan_scaling.ts",
    search: "const prior = record?.prior ?? target.suspendedState;",
    replacement: "const prior = target.suspendedState;",
  },
  {
    name: "flags are restored although somebody has changed them",
    rule: SOMEBODYS,
    file: "src/rollout/change_scaling.ts",
    search: "if (onlyIfOurs && !isBack && !sameSuspendedState(now, ALL_SUSPENDED)) return leftAsItIs(resourceId);",
    replacement: "",
  },
  {
    name: "flags whose answer was lost are sent again over those of somebody else",
    rule: SOMEBODYS,
    file: "src/rollout/set_suspended_state.ts",
    search: "if (!isDone && !sameSuspendedState(now, from)) return leftAsItIs(resourceId);",
    replacement: "",
  },
  {
    name: "min/max are sent with the suspension",
    rule: SOMEBODYS,
    file: "src/aws/scaling_adapter.ts",
    search: "        SuspendedState: {",
    replacement: "        MinCapacity: 1,\n        MaxCapacity: 10,\n        SuspendedState: {",
  },
  {
    name: "what is in use is deregistered",
    rule: UNUSED_ONLY,
    file: "src/rollout/deregister_unused.ts",
    search: "if (user !== undefined) return",
    replacement: "if (user === taskDefinition.arn) return",
  },
  {
    name: "deregister takes what is in use",
    rule: UNUSED_ONLY,
    file: "src/registry/plan_deregister.ts",
    search: "const unused = active.filter(isUnused);",
    replacement: "const unused = active;",
  },
  {
    name: "running tasks are not looked at before deregistering",
    rule: UNUSED_ONLY,
    file: "src/registry/find_uses.ts",
    search: "for (const arn of ofTasks) add(arn,",
    replacement: "for (const arn of []) add(arn,",
  },
  {
    name: "what comes into use while others are deregistered is not looked at",
    rule: UNUSED_ONLY,
    file: "src/registry/deregister.ts",
    search: "const user = byArn.get(revision.arn);\n    if (user !== undefined) {\n      yield",
    replacement:
      "const user = index < 10 ? byArn.get(revision.arn) : undefined;\n    if (user !== undefined) {\n      yield",
  },
  {
    name: "what comes into use before the first one is deregistered is not looked at",
    rule: UNUSED_ONLY,
    file: "src/registry/deregister.ts",
    search: "const user = byArn.get(revision.arn);\n    if (user !== undefined) {\n      yield",
    replacement:
      "const user = index > 0 ? byArn.get(revision.arn) : undefined;\n    if (user !== undefined) {\n      yield",
  },
  {
    name: "what comes into use before it is deleted is not looked at",
    rule: UNUSED_ONLY,
    file: "src/registry/deregister.ts",
    search: "const unused = revisions.filter(({ arn }) => !byArn.has(arn));",
    replacement: "const unused = revisions;",
  },
  {
    name: "what is left alone for being in use is deleted",
    rule: UNUSED_ONLY,
    file: "src/registry/deregister.ts",
    search: 'yield { kind: "notDeregistered", revision, user };',
    replacement: 'yield { kind: "notDeregistered", revision, user };\n      waiting.push(revision);',
  },
  {
    name: "what has come into use meanwhile exits with 0",
    rule: CODES,
    file: "src/cli/carry_out_deregistering.ts",
    search: "return usedByNow.length + refused.length === 0 ?",
    replacement: "return refused.length === 0 ?",
  },
  {
    name: "other services are not looked at before deregistering",
    rule: UNUSED_ONLY,
    file: "src/registry/find_uses.ts",
    search: "const rest = relatives.filter(({ arn }) => arn !== service?.arn);",
    replacement: "const rest = relatives.filter(() => false);",
  },
  {
    name: "other services are read once and never again",
    rule: UNUSED_ONLY,
    file: "src/registry/family_uses.ts",
    search: "known !== undefined && nowMs - known.readAtMs < CLUSTER_READ_EVERY_MS",
    replacement: "known !== undefined",
  },
  {
    name: "that other services may not be read is not said",
    rule: UNUSED_ONLY,
    file: "src/registry/find_uses.ts",
    search: '    notices.set(\n      "other services",',
    replacement: '    new Map().set(\n      "other services",',
  },
  {
    name: "a service that does not exist is taken for one that uses nothing",
    rule: UNUSED_ONLY,
    file: "src/registry/find_uses.ts",
    search: 'if (ref !== undefined && service === undefined) notices.set("own service", tellMissing(ref));\n',
    replacement: "",
  },
  {
    name: "deregister goes on where the config names a cluster without the service",
    rule: UNUSED_ONLY,
    file: "src/cli/actions/deregister_revisions.ts",
    search: 'if (!force && notices.has("own service"))',
    replacement: "if (false)",
  },
  {
    name: "deregister goes on where no service is named and none may be listed",
    rule: UNUSED_ONLY,
    file: "src/cli/actions/deregister_revisions.ts",
    search: 'if (!force && scope.service === undefined && notices.has("other services"))',
    replacement: "if (false)",
  },
  {
    name: "previous goes further back than ECS has gone already",
    rule: CODES,
    file: "src/rollout/choose_revision.ts",
    search: "if (wasTurnedBack && newest.revision !== original) {",
    replacement: "if (false) {",
  },
  {
    name: "previous goes to what never ran where what runs has succeeded once and failed now",
    rule: CODES,
    file: "src/rollout/choose_revision.ts",
    search: "const current = isElsewhere ? -1 : ",
    replacement: "const current = ",
  },
  {
    name: "previous does not know what ran before the deployments on record",
    rule: CODES,
    file: "src/rollout/choose_revision.ts",
    search: "findPrevious(past, running, original, earliest)",
    replacement: "findPrevious(past, running, original)",
  },
  {
    name: "what the circuit breaker goes back to is deregistered",
    rule: UNUSED_ONLY,
    file: "src/registry/find_uses.ts",
    search: "    ecs.findLastCompleted({ cluster: clusterArn, service: arn }, signal),\n",
    replacement: "",
  },
  {
    name: "previous, given again, goes further back than the way back that is under way",
    rule: NO_SECOND,
    file: "src/rollout/choose_revision.ts",
    search: "if (isWayBack && UNDER_WAY.has(newest.status)) {",
    replacement: "if (false) {",
  },
  {
    name: "deregisters after a failure, too",
    rule: UNUSED_ONLY,
    file: "src/rollout/execute.ts",
    search: 'if (end.kind === "succeeded") yield* this.#deregister();',
    replacement: "yield* this.#deregister();",
  },
  {
    name: "the target itself is deregistered",
    rule: UNUSED_ONLY,
    file: "src/rollout/plan_rollback.ts",
    search: "options.deregister && !isAtTarget && {",
    replacement: "options.deregister && {",
  },
  {
    name: "the deployment from before is taken for that of an order which has started none",
    rule: FOLLOW_OWN,
    file: "src/rollout/show_deployment.ts",
    search: "if (primary !== undefined && !isOld) return service;",
    replacement: "if (primary !== undefined) return service;",
  },
  {
    name: "a call is given up while AWS throttles",
    rule: PATIENCE,
    file: "src/aws/connection.ts",
    search: "if (isThrottling(error)) return true;",
    replacement: "",
  },
  {
    name: "trouble of AWS's is not survived once it has answered",
    rule: PATIENCE,
    file: "src/aws/connection.ts",
    search: "const mayNeverWork = !this.#hasAnswered || error.kind",
    replacement: "const mayNeverWork = true || error.kind",
  },
  {
    name: "auto scaling is given back in seconds, or not at all",
    rule: PATIENCE,
    file: "src/rollout/scaling_guard.ts",
    search: "if (signal.aborted) abortSoon();",
    replacement: "abortSoon();",
  },
  {
    name: "the order is given on top of what somebody has deployed while AWS throttled",
    rule: SAME_BASIS,
    file: "src/rollout/start_deployment.ts",
    search: "checkBasis !== undefined && clock.now() - basedAtMs > BASIS_HOLDS_MS",
    replacement: "false",
  },
  {
    name: "what somebody has deployed after the first write is said to have changed nothing",
    rule: HARMLESS,
    file: "src/rollout/execute.ts",
    search: "readBasis(this.plan, ecs, this.#signal, this.#hasWritten)",
    replacement: "readBasis(this.plan, ecs, this.#signal)",
  },
  {
    name: "UpdateService is repeated after a lost answer",
    rule: ONCE,
    file: "src/rollout/start_deployment.ts",
    search: "service: await findStarted({ ...starting, before }, error, signal) };",
    replacement: "service: await ecs.updateService(ref, change, signal) };",
  },
  {
    name: "UpdateService is repeated by whoever sends it",
    rule: ONCE,
    file: "src/aws/ecs_adapter.ts",
    search: "        once: true,",
    replacement: "        once: false,",
  },
  {
    name: "a refusal of the stop after a lost answer counts, although that stop was carried out",
    rule: ONCE,
    file: "src/rollout/stop_deployment.ts",
    search: "if (await hasStopped(arn, ecs, signal)) return undefined;",
    replacement: "if (!isRefusal(error) && await hasStopped(arn, ecs, signal)) return undefined;",
  },
  {
    name: "a second deployment is started where ECS goes back already",
    rule: NO_SECOND,
    file: "src/rollout/plan_rollback.ts",
    search: "following === undefined && chooseWayBack(situation, target, brought),",
    replacement: "chooseWayBack(situation, target, brought),",
  },
  {
    name: "a deployment that came from elsewhere is stopped",
    rule: NO_SECOND,
    file: "src/rollout/plan_rollback.ts",
    search: "newest === undefined || !isStoppable || newest.cameFrom !== target.arn || ",
    replacement: "newest === undefined || !isStoppable || ",
  },
  {
    name: "a dry run is carried out",
    rule: HARMLESS,
    file: "src/cli/actions/roll_back.ts",
    search: "if (options.dryRun) {",
    replacement: "if (false) {",
  },
  {
    name: "--no-wait with --deregister is allowed",
    rule: HARMLESS,
    file: "src/cli/commands/rollback.ts",
    search: "if (!wait && options.deregister) {",
    replacement: "if (false) {",
  },
  {
    name: "--no-wait with both scaling options is allowed",
    rule: HARMLESS,
    file: "src/cli/commands/rollback.ts",
    search: "if (!wait && options.suspendAutoScaling && options.resumeAutoScaling) {",
    replacement: "if (false) {",
  },
  {
    name: "what was never ordered is said to go on",
    rule: OWN_WORDS,
    file: "src/rollout/execute.ts",
    search: '#ordered: Ordered = "no";',
    replacement: '#ordered: Ordered = "yes";',
  },
  {
    name: "an order without an answer is said not to have been given",
    rule: OWN_WORDS,
    file: "src/rollout/execute.ts",
    search: 'if (error instanceof AwsError && !mayHaveBeenApplied(error)) this.#ordered = "no";',
    replacement: 'this.#ordered = "no";',
  },
  {
    name: "superseded exits with 0",
    rule: CODES,
    file: "src/cli/exit_code.ts",
    search: '    case "failed":\n    case "rolledBackByEcs":\n    case "superseded":\n',
    replacement: '    case "superseded":\n      return EXIT.ok;\n    case "failed":\n    case "rolledBackByEcs":\n',
  },
  {
    name: "timed out exits with 0",
    rule: CODES,
    file: "src/cli/exit_code.ts",
    search: "return EXIT.timedOut;",
    replacement: "return EXIT.ok;",
  },
  {
    name: "cleaning up that did not work exits with 0",
    rule: CODES,
    file: "src/cli/exit_code.ts",
    search: "return leftovers.length === 0 ? EXIT.ok : EXIT.incomplete;",
    replacement: "return EXIT.ok;",
  },
  {
    name: "a deploy that was superseded is taken back",
    rule: TAKEN_BACK,
    file: "src/rollout/plan_automatic_rollback.ts",
    search: 'if (outcome.kind !== "failed" && outcome.kind !== "rolledBackByEcs") return undefined;',
    replacement:
      'if (outcome.kind !== "failed" && outcome.kind !== "rolledBackByEcs" && outcome.kind !== "superseded") return undefined;',
  },
  {
    name: "a deploy that was interrupted is taken back",
    rule: TAKEN_BACK,
    file: "src/cli/take_back.ts",
    search: "  if (stoppedBy() !== undefined) {\n    const isEvent",
    replacement: "  if (false) {\n    const isEvent",
  },
  {
    name: "a deploy that is only slow is taken back",
    rule: TAKEN_BACK,
    file: "src/rollout/plan_automatic_rollback.ts",
    search: 'return outcome.ordered === "yes" && outcome.tasksKeepFailing ?',
    replacement: 'return outcome.ordered === "yes" ?',
  },
  {
    name: "a deploy is taken back for tasks that stopped early and were replaced",
    rule: TAKEN_BACK,
    file: "src/rollout/keep_failing.ts",
    search: "return stopped > 1 && grewAtMs - watchedSinceMs >= (nowMs - watchedSinceMs) / 2;",
    replacement: "return true;",
  },
  {
    name: "a service of that name is taken for an alarm",
    rule: TAKEN_BACK,
    file: "src/rollout/why_ended.ts",
    search: "/(?<![\\w.:/-])alarms?(?![\\w/-])/i.test(text)",
    replacement: "/\\balarms?\\b/i.test(text)",
  },
  {
    name: "a text counts for more than ECS's record of what has triggered",
    rule: TAKEN_BACK,
    file: "src/rollout/why_ended.ts",
    search: 'if (record?.triggered.includes("circuit breaker")) return "failure";',
    replacement: "",
  },
  {
    name: "wait overlooks that ECS had turned back before",
    rule: CODES,
    file: "src/rollout/plan_wait.ts",
    search: 'if (failed !== undefined && !wasRequested && primary.rolloutState !== "FAILED") {',
    replacement: "if (false) {",
  },
  {
    name: "wait tells a failure that a later deployment has left behind",
    rule: OWN_WORDS,
    file: "src/rollout/plan_wait.ts",
    search: " && createdAtMs < (deployment.finishedAtMs ?? Infinity)",
    replacement: "",
  },
  {
    name: "a deploy is taken back after Ctrl-C",
    rule: TAKEN_BACK,
    file: "src/cli/take_back.ts",
    search: "if (stoppedBy() !== undefined) {",
    replacement: "if (false) {",
  },
  {
    name: "a deploy is taken back at an event that nobody has named",
    rule: TAKEN_BACK,
    file: "src/cli/take_back.ts",
    search: "if (event !== undefined && rollbackEvents.has(event)) {",
    replacement: "if (event !== undefined) {",
  },
  {
    name: "taking back overwrites what somebody has deployed meanwhile",
    rule: TAKEN_BACK,
    file: "src/rollout/plan_automatic_rollback.ts",
    search: "if (running !== undefined && running !== from?.arn && running !== to?.arn) {",
    replacement: "if (false) {",
  },
  {
    name: "what runs is never taken for the copy that was asked for before",
    rule: ONCE,
    file: "src/rollout/read_situation.ts",
    search: "copiedFrom(definition, running.family) === target.revision",
    replacement: "copiedFrom(definition, running.family) === running.revision",
  },
  {
    name: "a deploy of another family goes back within that family",
    rule: TAKEN_BACK,
    file: "src/rollout/read_situation.ts",
    search: 'const family = choice.kind === "number" && choice.family !== undefined ? choice.family : running.family;',
    replacement: "const family = running.family;",
  },
  {
    name: "the way back shares the timeout of the deploy",
    rule: OWN_TIME,
    file: "src/cli/take_back.ts",
    search: "const deadline = new Deadline(host.clock, timeoutMs).signal;",
    replacement: "const deadline = limits.deadline;",
  },
  {
    name: "a deploy of attributes that timed out is followed on",
    rule: TAKEN_BACK,
    file: "src/rollout/plan_automatic_rollback.ts",
    search: "if (from !== undefined && from.arn === to?.arn && !hasTurnedBack) {",
    replacement: "if (from !== undefined && newest === undefined && from.arn === to?.arn && !hasTurnedBack) {",
  },
  {
    name: "attributes are updated where ECS goes back already",
    rule: NO_SECOND,
    file: "src/rollout/plan_automatic_rollback.ts",
    search: "from.arn === to?.arn && !hasTurnedBack) {",
    replacement: "from.arn === to?.arn) {",
  },
  {
    name: "the number of tasks is given back although somebody has changed it",
    rule: EXACTLY,
    file: "src/rollout/plan_automatic_rollback.ts",
    search: "const isOurs = desiredCount !== undefined && service?.desiredCount === desiredCount;",
    replacement: "const isOurs = desiredCount !== undefined;",
  },
  {
    name: "attributes of others are given back, too",
    rule: EXACTLY,
    file: "src/definitions/find_service_changes.ts",
    search: "const before = Object.fromEntries(changed.flatMap((name) => {",
    replacement: "const before = Object.fromEntries([...updatable.known.keys()].flatMap((name) => {",
  },
  {
    name: "what a deploy has added inside of the deployment configuration stays",
    rule: EXACTLY,
    file: "src/definitions/find_service_changes.ts",
    search: "restoring: bringDeploymentConfiguration({ ...now, ...attribute }, now, isDaemon),",
    replacement: "restoring: now,",
  },
  {
    name: "what could not be read is taken away",
    rule: EXACTLY,
    file: "src/definitions/find_service_changes.ts",
    search: "if (unread.includes(name)) return [];",
    replacement: "",
  },
  {
    name: "a changed capacity provider strategy is not forced",
    rule: EXACTLY,
    file: "src/rollout/starts_deployment.ts",
    search: "? { ...attributes, forceNewDeployment: true }",
    replacement: "? { ...attributes }",
  },
  {
    name: "that a deploy is taken back is said without a look",
    rule: CODES,
    file: "src/cli/read_back.ts",
    search: "if (names.length === 0) return",
    replacement: "if (names.length >= 0) return",
  },
  {
    name: "what nobody can see counts as taken back",
    rule: CODES,
    file: "src/cli/read_back.ts",
    search: "unread.includes(name) || isNeverShown(name, deployed, members);",
    replacement: "unread.includes(name);",
  },
  {
    name: "what the file no longer names inside of the deployment configuration stays on",
    rule: CODES,
    file: "src/definitions/find_service_changes.ts",
    search: "const attribute = { ...wanted, ...changes };",
    replacement: "const attribute = wanted;",
  },
  {
    name: "the attributes stay as the deploy has set them",
    rule: EXACTLY,
    file: "src/rollout/plan_automatic_rollback.ts",
    search: 'if (planned.kind === "refused" || Object.keys(attributes).length === 0) return planned;',
    replacement: "if (planned !== undefined) return planned;",
  },
  {
    name: "attributes are given twice where a stop was not taken",
    rule: EXACTLY,
    file: "src/rollout/execute.ts",
    search: 'if (step.kind === "updateService" && this.#hasUpdatedInstead) continue;',
    replacement: "",
  },
  {
    name: "what follows the waiting is done after a failure, too",
    rule: EXACTLY,
    file: "src/rollout/execute.ts",
    search: 'if (end.kind !== "succeeded") return end;',
    replacement: "",
  },
  {
    name: "a deploy deregisters what it has not registered",
    rule: UNUSED_ONLY,
    file: "src/cli/take_back.ts",
    search: "await deregisterFailed(ports, session, signal);\n        const failureStands",
    replacement:
      "await deregisterFailed(ports, { ...session, changes: { registered: whole.to } }, signal);\n        const failureStands",
  },
  {
    name: "what an order brings that may be in flight is deregistered",
    rule: UNUSED_ONLY,
    file: "src/cli/take_back.ts",
    search: "= ORDERS.has(error.operation) && !mayHaveBeenApplied(error);",
    replacement: "= ORDERS.has(error.operation);",
  },
  {
    name: "restored attributes are waited for where nothing follows",
    rule: TAKEN_BACK,
    file: "src/rollout/plan_automatic_rollback.ts",
    search: "primary?.id === failedBefore && !startsDeployment(attributes);",
    replacement: "false;",
  },
  {
    name: "what is the same is registered again",
    rule: ONCE,
    file: "src/rollout/read_deploy_situation.ts",
    search: 'if (!isSame) return { kind: "register", family, input };',
    replacement: 'return { kind: "register", family, input };',
  },
  {
    name: "a deregistered revision that says the same is shipped",
    rule: ONCE,
    file: "src/rollout/read_deploy_situation.ts",
    search: 'const isSame = newest?.status === "ACTIVE" && ',
    replacement: "const isSame = newest !== undefined && ",
  },
  {
    name: "RegisterTaskDefinition is repeated after a lost answer",
    rule: ONCE,
    file: "src/aws/registry.ts",
    search: "        neverTwice: true,\n",
    replacement: "",
  },
  {
    name: "a service is created over somebody else's",
    rule: SAME_BASIS,
    file: "src/rollout/read_basis.ts",
    search: "return isGone(service) ? ",
    replacement: "return true ? ",
  },
  {
    name: "a read from before the new number of tasks is believed",
    rule: FOLLOW_OWN,
    file: "src/rollout/assess.ts",
    search:
      'if (deployment !== undefined && deployment.desiredCount === outdatedCount) return { kind: "progressing" };',
    replacement: "",
  },
  {
    name: "a number of tasks that auto scaling has taken back is waited for until the timeout",
    rule: FOLLOW_OWN,
    file: "src/rollout/follow.ts",
    search: "(own.desiredCount !== outdatedCount || ++readsOfOutdatedCount >= READS_BELIEVED)",
    replacement: "(own.desiredCount !== outdatedCount && readsOfOutdatedCount > READS_BELIEVED)",
  },
  {
    name: "a blue/green deployment that bakes is called done",
    rule: FOLLOW_OWN,
    file: "src/rollout/plan_deploy.ts",
    search: '(follows.kind === "serviceDeployment" || !hasReached(options.until, service, primary));',
    replacement: "!hasReached(options.until, service, primary);",
  },
  {
    name: "a dry run of deploy is carried out",
    rule: HARMLESS,
    file: "src/cli/actions/deploy_service.ts",
    search: "if (request.dryRun) {",
    replacement: "if (false) {",
  },
  {
    name: "--no-wait with what needs waiting is allowed",
    rule: HARMLESS,
    file: "src/cli/read_deploy_request.ts",
    search: "  if (waits || !isGiven) return;\n",
    replacement: '  if (option !== "") return;\n',
  },
  {
    name: "attributes alone are done when the tasks are counted, whatever becomes of the deployment under way",
    rule: FOLLOW_OWN,
    file: "src/rollout/execute.ts",
    search: "const isOurs = follows === undefined && this.#started !== undefined;",
    replacement: "const isOurs = this.#started !== undefined;",
  },
  {
    name: "a deploy that was taken back exits with 0",
    rule: CODES,
    file: "src/cli/take_back.ts",
    search: "  // Also where it had timed out: nothing of it is in flight any more.\n  return EXIT.deploymentFailed;",
    replacement: "  return EXIT.ok;",
  },
  {
    name: "events end without an end where an error has ended the program",
    rule: TOLD,
    file: "src/cli/program.ts",
    search: "    context.exitCode = await reportError(error, context);\n",
    replacement: "    return reportError(error, context);\n",
  },
  {
    name: "a second stop signal leaves the events without an end",
    rule: TOLD,
    file: "src/cli/session.ts",
    search: "    void audience.finish(exitCode);\n",
    replacement: "",
  },
  {
    name: "a text of AWS's can make a workflow command of GitHub",
    rule: TOLD,
    file: "src/ui/log.ts",
    search: '.replaceAll("##[", "#\\\\u0023[")',
    replacement: "",
  },
  {
    name: "calls are made by the caller and not in the role",
    rule: IN_ROLE,
    file: "src/aws/connection.ts",
    search: "    ...(role !== undefined && { credentials: role.credentials }),\n",
    replacement: "",
  },
  {
    name: "a role is assumed once and never again",
    rule: IN_ROLE,
    file: "src/aws/role_session.ts",
    search: "    this.#renewAtMs = askedAtMs + SESSION_MS - RENEWED_BEFORE_MS;\n",
    replacement: "    this.#renewAtMs = askedAtMs * 2;\n",
  },
  {
    name: "verify takes a role that is refused for what it does not know",
    rule: IN_ROLE,
    file: "src/cli/session.ts",
    search: "      await connection.role?.renew(signal);\n",
    replacement: "",
  },
  {
    name: "--suspend-auto-scaling alone suspends nothing where there is nothing to deploy",
    rule: AS_TYPED,
    file: "src/rollout/plan_scaling.ts",
    search: "suspendAutoScaling && (deploys || !resumeAutoScaling)",
    replacement: "suspendAutoScaling && deploys",
  },
  {
    name: "an option is taken for the value of another one",
    rule: AS_TYPED,
    file: "src/cli/check_arguments.ts",
    search: "    if (!isJoined) checkValue(option, value);\n",
    replacement: "",
  },
  {
    name: "the last one counts of an option that is given twice",
    rule: AS_TYPED,
    file: "src/cli/check_arguments.ts",
    search: "    given.add(name);\n",
    replacement: "",
  },
  {
    name: "a variable of Jsonnet that is separated by a comma becomes a part of the one before",
    rule: AS_TYPED,
    file: "src/cli/external_variables.ts",
    search: "  throw new UsageError(first,",
    replacement: "  return [];\n  throw new UsageError(first,",
  },
  {
    name: "volumes that the task definition does not leave to the service are no misfit",
    rule: HARMLESS,
    file: "src/rollout/fits_service.ts",
    search: "    ...misfitsOfVolumes(service.volumeNames, target),\n",
    replacement: "",
  },
  {
    name: "port names that the task definition does not have are no misfit",
    rule: HARMLESS,
    file: "src/rollout/fits_service.ts",
    search: "  if (names.includes(portName)) return [];\n",
    replacement: "  return [];\n",
  },
  {
    name: "what a deploy gives the service does not count for whether it fits",
    rule: HARMLESS,
    file: "src/rollout/plan_deploy.ts",
    search: "demandsWith(service, situation.changes.attributes)",
    replacement: "service",
  },
  {
    name: "a way back that ECS takes by itself is refused where an update would not fit",
    rule: NO_SECOND,
    file: "src/rollout/plan_rollback.ts",
    search: "const misfits = isUpdated ?",
    replacement: "const misfits = isUpdated || true ?",
  },
  {
    name: "a service that CodeDeploy deploys is waited for when it is created",
    rule: CODES,
    file: "src/rollout/plan_creation.ts",
    search: 'options.wait && controller === "ECS" &&',
    replacement: "options.wait &&",
  },
];

/** The text with the mutation in it. @throws RangeError unless the text to be searched for is there exactly once */
export function mutate(source: string, { name, file, search, replacement }: Mutation): string {
  const [before, after, ...more] = source.split(search);
  if (after === undefined || more.length > 0) {
    const found = after === undefined ? "is not in" : `is ${more.length + 1} times in`;
    throw new RangeError(`mutation "${name}": ${JSON.stringify(search)} ${found} ${file}: bring the list up to date`);
  }
  return before + replacement + after;
}
