import { UsageError } from "../errors.ts";
import type { Milestone } from "../rollout/assess.ts";
import { ROLLBACK_EVENTS, type RollbackEvent } from "../rollout/rollback_events.ts";
import type { DeployRequest } from "./deploy_service.ts";
import type { OutputFormat } from "./output_option.ts";
import { parseRevision, parseTasks } from "../session/parse_number.ts";
import { checkShowsValues } from "./show_values_option.ts";

/** The options of deploy as the parser leaves them. */
export interface ParsedDeployOptions {
  readonly dryRun?: true | undefined;
  readonly skipTaskDefinition?: true | undefined;
  readonly latestTaskDefinition?: true | undefined;
  readonly revision?: string | undefined;
  readonly wait?: boolean | undefined;
  readonly forceNewDeployment?: true | undefined;
  readonly forceRegister?: true | undefined;
  readonly updateService?: boolean | undefined;
  readonly tasks?: string | undefined;
  readonly waitUntil: Milestone;
  readonly output: OutputFormat;
  readonly showValues?: true | undefined;
  readonly rollbackEvents?: string | undefined;
  readonly deregisterFailed?: true | undefined;
  readonly suspendAutoScaling?: true | undefined;
  readonly resumeAutoScaling?: true | undefined;
}

/** What the options of deploy mean. Throws a UsageError for what cannot be done as typed. */
export function readDeployRequest(options: ParsedDeployOptions): DeployRequest {
  const { wait = true, suspendAutoScaling = false, resumeAutoScaling = false } = options;
  checkWaiting(wait, options.rollbackEvents !== undefined, "--rollback-events");
  checkWaiting(wait, options.deregisterFailed ?? false, "--deregister-failed");
  checkWaiting(wait, suspendAutoScaling && resumeAutoScaling, "--suspend-auto-scaling with --resume-auto-scaling");
  checkShowsValues(options.showValues ?? false, options.dryRun ?? false, options.output);
  return {
    ships: chooseShipped(options),
    output: options.output,
    showsValues: options.showValues ?? false,
    rollbackEvents: parseEvents(options.rollbackEvents),
    tasks: options.tasks === undefined ? undefined : parseTasks(options.tasks),
    wait,
    until: options.waitUntil,
    force: options.forceNewDeployment ?? false,
    forceRegister: options.forceRegister ?? false,
    updatesService: options.updateService ?? true,
    deregistersFailed: options.deregisterFailed ?? false,
    dryRun: options.dryRun ?? false,
    suspendAutoScaling,
    resumeAutoScaling,
  };
}

function checkWaiting(waits: boolean, isGiven: boolean, option: string): void {
  if (waits || !isGiven) return;
  throw new UsageError(
    `${option} cannot be used with --no-wait: nobody would see how the deployment ends`,
    "leave out one of the two",
  );
}

/**
 * Kayac's ecspresso reads --skip-task-definition as "register nothing", with which a revision may be named: its
 * documentation has `--skip-task-definition --revision 10`. Alone it means what the service runs.
 */
function chooseShipped(
  { skipTaskDefinition, latestTaskDefinition, revision, forceRegister }: ParsedDeployOptions,
): DeployRequest["ships"] {
  const isNamed = latestTaskDefinition || revision !== undefined;
  const given = [
    skipTaskDefinition && (forceRegister || !isNamed) && "--skip-task-definition",
    latestTaskDefinition && "--latest-task-definition",
    revision !== undefined && "--revision",
    forceRegister && "--force-register",
  ].filter((option) => typeof option === "string");
  if (given.length > 1) throw new UsageError(`${given.join(" and ")} cannot be used together`, "leave out all but one");
  if (revision !== undefined) return { revision: parseRevision(revision) };
  if (latestTaskDefinition) return "latest";
  return skipTaskDefinition ? "current" : "file";
}

function parseEvents(text: string | undefined): ReadonlySet<RollbackEvent> {
  const names = text === undefined ? [] : text.split(",").map((name) => name.trim());
  return new Set(names.map((name) => {
    const event = ROLLBACK_EVENTS.find((known) => known === name);
    if (event !== undefined) return event;
    throw new UsageError(
      `--rollback-events has no ${JSON.stringify(name.slice(0, 60))}`,
      `write one or more of ${ROLLBACK_EVENTS.join(", ")}, comma-separated`,
    );
  }));
}
