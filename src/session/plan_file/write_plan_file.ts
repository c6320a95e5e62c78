import { dirname, isAbsolute, relative } from "node:path";
import { folderOf } from "../../config/files/user_files.ts";
import { reasonOf, UsageError } from "../../errors.ts";
import type { Files } from "../../host.ts";
import { clusterName, type Revision, serviceName } from "../../model/arn.ts";
import { parseImageName, pinImage, readWrittenImages } from "../../model/images.ts";
import { formatJson } from "../../report/messages/log.ts";
import { describeReasonOf } from "../../report/messages/machine_problem_text.ts";
import { planFileCommand } from "../../report/messages/own_commands.ts";
import type { RunEvent } from "../../rollout/events.ts";
import { type CarriedOptions, carriedOptions } from "../../rollout/plan/options.ts";
import type { Plan } from "../../rollout/plan/plan.ts";
import type { CurrentState } from "../../rollout/read/current_state.ts";
import { PLAN_FORMAT, PLAN_VERSION, type PlanFileOptions } from "./read_plan_file.ts";
import type { Session } from "../session.ts";
import { VERSION } from "../version.ts";
import type { RollbackRequest } from "../rollback_request.ts";

/**
 * Makes sure, before AWS is asked, that a plan can be written, without losing the plan of another run.
 *
 * @throws UsageError
 */
export async function checkPlanOut(path: string, files: Files): Promise<void> {
  const kind = await files.kindOf(path);
  if (kind === "file") {
    throw new UsageError(
      `--plan-out: ${path} is there already, and may be what a run that has ended early goes on with`,
      "name another file; what is in this one is shown by: " +
        `${planFileCommand({ path, options: [] })} --dry-run`,
    );
  }
  if (kind !== undefined) throw new UsageError(`--plan-out takes a new file, and ${path} is ${KINDS[kind]}`);
  const folder = dirname(path);
  if (await files.kindOf(folder) === "folder") return;
  throw new UsageError(`--plan-out: there is no folder ${folder}`, "make it, or name a file elsewhere");
}

const KINDS = { folder: "a folder", stream: "a pipe or a device" };

/** A service of the plan to write. */
interface ServiceToWrite {
  readonly session: Session;
  readonly state: CurrentState;
  readonly plan: Plan;
}

/**
 * Writes a plan file before anything is carried out, and gives up the permission to write other files.
 *
 * @throws UsageError if it cannot be written: without the file, nobody could resume the run
 */
export async function writePlanFile(
  path: string,
  planned: readonly ServiceToWrite[],
  options: RollbackRequest,
): Promise<void> {
  const { session } = planned[0]!;
  const { host, giveUpWriting } = session;
  const { parallel, onFailure, hold, reason } = options;
  // For many services, 0 is not the default.
  const failAfter = options.failAfter === undefined ? {} : { failAfter: options.failAfter };
  const how = {
    carried: { ...carriedOptions(options), ...failAfter },
    policy: { parallel, onFailure },
    notes: { hold, reason },
  };
  const madeAtMs = host.clock.now();
  try {
    await host.files.createText(path, renderPlanFile(path, planned, how, madeAtMs));
  } catch (error) {
    throw new UsageError(
      `--plan-out: the plan cannot be written to ${path}: ${describeReasonOf(reasonOf(error))}`,
      "nothing has been changed; name a file that can be made",
    );
  }
  reportPlanFile(session, { path, madeAtMs, ageMs: 0, services: planned.length, isWritten: true });
  await giveUpWriting();
}

/** The text of a plan file. It names what runs and what to start, and has no values of definitions. */
function renderPlanFile(
  path: string,
  services: readonly ServiceToWrite[],
  { carried, policy, notes: { hold, reason } }: PlanFileOptions,
  madeAtMs: number,
): string {
  const file = {
    format: PLAN_FORMAT,
    version: PLAN_VERSION,
    madeAt: new Date(madeAtMs).toISOString(),
    madeBy: `ecspresso ${VERSION}`,
    options: {
      ...renderCarried(carried),
      ...policy,
      hold: hold && `${hold / 1_000}s`,
      reason: reason || undefined,
    },
    services: services.map((one) => describeService(one, path)),
  };
  return `${formatJson(file, 2)}\n`;
}

function renderCarried({ preflight, bake, givenTimeoutMs, ...others }: CarriedOptions): object {
  return {
    ...others,
    ...(preflight !== undefined && { preflight: preflight === "off" ? preflight : `${preflight / 1_000}s` }),
    ...(bake !== undefined && { bake: `${bake / 1_000}s` }),
    ...(givenTimeoutMs !== undefined && { timeout: `${givenTimeoutMs / 1_000}s` }),
  };
}

function describeService({ session, state, plan }: ServiceToWrite, path: string): object {
  const { config, ref, ref: { role }, wave } = session;
  const [from, to] = [plan.from, plan.to] as [Revision, Revision];
  const [, , , region, account] = from.arn.split(":");
  return {
    service: serviceName(ref.service),
    cluster: clusterName(ref.cluster),
    region,
    account,
    // The path relative to the folder of the plan file.
    config: config.path && !isAbsolute(config.path) ? relative(folderOf(path), config.path) : config.path,
    ...(role !== undefined && { role }),
    ...(wave !== 1 && { wave }),
    from: { taskDefinition: from.arn, deployment: plan.basedOn, images: describeRunning(state) },
    to: {
      taskDefinition: to.arn,
      serviceDeployment: state.chosen?.kind === "chosen" ? state.chosen.deployment : undefined,
      images: (plan.images ?? []).map(({ container, image, starts, isConsistent }) =>
        describeImage(container, image, isConsistent ? starts : undefined)
      ),
    },
  };
}

/** Without version consistency, tasks of one deployment may run different images. */
function describeRunning({ current, images }: CurrentState): object[] {
  const written = current === undefined ? [] : readWrittenImages(current.raw);
  return written.map(({ container, image, isConsistent }) => {
    const runs = images?.running?.find((one) => one.container === container);
    return describeImage(container, image, isConsistent ? runs?.digest : undefined);
  });
}

function describeImage(container: string, image: string, digest: string | undefined): object {
  const isNamed = digest === undefined || parseImageName(image).digest !== undefined;
  return { container, image: isNamed ? image : pinImage(image, digest) };
}

/** Options whose values are in the plan file. */
const IN_FILE = ["--config", "--service", "--cluster", "--region", "--assume-role-arn"];

/** Reports a plan file, with the options that it has to be used with: the envfiles, and the variables for Jsonnet. */
export function reportPlanFile(
  { reporter, scope: { options = [] } }: Session,
  file: Omit<Extract<RunEvent, { readonly kind: "planFile" }>, "kind" | "options">,
): void {
  const resuming = options.filter(([name]) => !IN_FILE.includes(name));
  reporter.emit({ kind: "planFile", ...file, options: resuming });
}
