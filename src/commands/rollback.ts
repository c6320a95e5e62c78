import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import type { RevisionChoice } from "../rollout/read/revision_choice.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import type { Session } from "../session/session.ts";
import { namesSet } from "../session/set_options.ts";
import { defineCommand, type OptionsOf } from "./define_command.ts";
import { explainMissingRevision } from "./explain_missing_revision.ts";
import {
  failAfterOption,
  logsOption,
  outputOption,
  parseHold,
  preflightOption,
  reasonOption,
  resumeOption,
  suspendOption,
  waitOption,
} from "./options.ts";
import { canPick, pickDeployment } from "./pick_deployment.ts";
import { BREAKERS, onFailureOption, parallelOption, SKIP_REFUSED } from "./policy_options.ts";
import { PLAN, PLAN_CONFLICTS, PLAN_OUT } from "./plan_file_options.ts";
import { rollBack } from "./roll_back.ts";
import { addTargetOptions, readTarget, TARGET_CONFLICTS } from "./rollback_target.ts";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso rollback --revision previous --dry-run": "the plan only",
    "ecspresso rollback --revision previous": "what ran before",
    "ecspresso rollback --revision 3": "revision 3",
    "ecspresso rollback": "pick from a list",
    "ecspresso rollback --config 'ecs/*.yml' --revision previous": "many at once",
  },
  help: `
More examples:
  ecspresso rollback --config ecspresso.yml --revision 3 --dry-run
  ecspresso rollback --config ecspresso.yml --revision previous --from 5
  ecspresso rollback --config ecspresso.yml --revision stable --min-served 1h
  ecspresso rollback --config ecspresso.yml --at '2026-11-24 18:00'
  ecspresso rollback --config ecspresso.yml --image-tag v1.4.2
  ecspresso rollback --config ecspresso.yml --revision 3 --restore service
  ecspresso rollback --config ecspresso.yml --revision 3 --deregister
  ecspresso rollback --config ecspresso.yml --revision 3 --suspend-auto-scaling --resume-auto-scaling

The list of deployments needs a person at a terminal: it asks for one of them, shows the plan, and asks again. Piped, in CI
(the variable CI is set) and with --output json, a rollback that does not say where to is an error.`,
  conflicts: {
    ...TARGET_CONFLICTS,
    ...PLAN_CONFLICTS,
    "--plan --hold": "a plan file has no hold; afterwards: ecspresso hold",
    "--plan-out --hold": "a plan file has no hold; afterwards: ecspresso hold",
    "--fail-after --no-wait": "nobody would see how the deployment ends",
    "--on-failure=undo --no-wait": "nobody would see that one fails",
    "--on-failure=undo --deregister": "what is deregistered cannot be gone back to",
    "--deregister --no-wait": "what is still in use cannot be deregistered",
    "--suspend-auto-scaling --resume-auto-scaling --no-wait": "resumed at once, nothing would be protected",
  },
  writes: ({ planOut }) => planOut === undefined ? [] : [planOut],
  async actionOnAll(typed, { context, globals }) {
    const options = { ...typed, givenTimeoutMs: globals.timeoutMs };
    if (typed.plan !== undefined) {
      return (await import("./carry_out_plan.ts")).carryOutPlan(typed.plan, options, globals.set.names);
    }
    const target = readTarget(options, context.host.clock.now());
    if (target !== undefined) {
      return (sessions) => {
        if (sessions.length > 1) refuseNumbers(target, options.from);
        const staysBack = sessions.length > 1 || namesSet(globals.set);
        return rollBack(sessions, () => ({ choice: target, from: options.from, staysBack }), options);
      };
    }
    const { host, reporter: { isRecorded } } = context;
    if (canPick(host, isRecorded || globals.logFormat === "json")) {
      return ([session, ...others]) => {
        if (others.length > 0) {
          throw new UsageError("many services are rolled back only to what an option names", SAY_WHERE);
        }
        return rollBackToPicked(session!, options);
      };
    }
    const { openSessions } = await import("../session/session.ts");
    throw await explainMissingRevision(context.host.args, async () => (await openSessions(context, globals))[0]!);
  },
});

const SAY_WHERE = "add --revision previous, --revision stable, --at or --image-tag";

/** A number, an ARN or a deployment is one service's. */
function refuseNumbers({ kind }: RevisionChoice, from: unknown): void {
  if (from !== undefined) {
    throw new UsageError("--from names a revision of one service, and there are many", "leave it out");
  }
  if (kind !== "number" && kind !== "named" && kind !== "deployment") return;
  throw new UsageError("a revision or deployment by name is one service's, and there are many", SAY_WHERE);
}

function addOptions(command: ProgramCommand) {
  return addTargetOptions(command.optionsGroup("Where to:"))
    .option(
      "--allow-unproven",
      "go to what nothing shows to have run: with previous the next lower registered revision; or a revision of another " +
        "family",
    )
    .optionsGroup("What starts there:")
    .addOption(pinOption())
    .addOption(restoreOption())
    .addOption(preflightOption())
    .option("--reregister", "if the revision is deregistered, register a copy of it and roll back to that")
    .optionsGroup("How:")
    .option("--dry-run", "print the plan and change nothing")
    .option(...PLAN_OUT)
    .option(...PLAN)
    .addOption(waitOption())
    .option("--no-wait", "end once ECS has accepted the order; not with --deregister, nor with both scaling options")
    .addOption(failAfterOption(`0; of several services ${BREAKERS}`))
    .addOption(suspendOption())
    .addOption(resumeOption())
    .option(
      "--deregister",
      "after the rollback, deregister the task definition that was current before it, unless it is in use",
    )
    .option(
      "--hold <duration>",
      "have it stay: for so long, deploy refuses the service (see hold)",
      parseHold("--hold"),
    )
    .addOption(reasonOption())
    .addOption(logsOption())
    .addOption(outputOption())
    .optionsGroup("Many services:")
    .addOption(parallelOption())
    .addOption(onFailureOption())
    .option(...SKIP_REFUSED);
}

function pinOption() {
  return new Option(
    "--pin <policy>",
    "where tags have moved: auto starts what ran, by a copy that names the digests; never goes by the tags",
  ).choices(["auto", "never", "always"]).default("auto" as const);
}

function restoreOption() {
  return new Option(
    "--restore <what>",
    "the settings with which the revision ran (network, load balancers, volumes ...): warn says which " +
      "differ; service restores them",
  ).choices(["warn", "service", "none"]).default("warn" as const);
}

type TypedRollback = OptionsOf<typeof addOptions> & { readonly givenTimeoutMs: number | undefined };

/** Lets a person choose from the deployments on record. */
async function rollBackToPicked(session: Session, options: TypedRollback): Promise<number> {
  const picked = await pickDeployment(session);
  if (picked !== undefined) {
    return await rollBack([session], () => ({ choice: picked, from: options.from }), options, true);
  }
  session.emit({ kind: "notConfirmed" });
  return exitCodeOfRun(session.reporter.state);
}
