import { UsageError } from "../errors.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import type { RevisionChoice } from "../rollout/read/revision_choice.ts";
import type { Session } from "../session/session.ts";
import { namesSet } from "../session/set_options.ts";
import { defineCommand } from "./define_command.ts";
import { canPick, explainMissingRevision, pickDeployment } from "./pick_deployment.ts";
import { rollBack } from "./roll_back.ts";
import { addRollbackOptions, readTarget, ROLLBACK_CONFLICTS, type RollbackRequest } from "./rollback_options.ts";

export const define = defineCommand({
  options: addRollbackOptions,
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
  conflicts: ROLLBACK_CONFLICTS,
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

/** Lets a person choose from the deployments on record. */
async function rollBackToPicked(session: Session, options: RollbackRequest): Promise<number> {
  const picked = await pickDeployment(session);
  if (picked !== undefined) {
    return await rollBack([session], () => ({ choice: picked, from: options.from }), options, true);
  }
  session.emit({ kind: "notConfirmed" });
  return exitCodeOfRun(session.reporter.state);
}
