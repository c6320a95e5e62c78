import { dirname } from "node:path";
import { reasonOf, UsageError } from "../errors.ts";
import type { Files } from "../host.ts";
import { describeReasonOf } from "../report/messages/machine_problem_text.ts";
import { planFileCommand } from "../report/plan_file_text.ts";
import { carriedOptions } from "../rollout/plan/options.ts";
import { renderPlanFile, type ServiceToFile } from "../session/plan_file/render_plan_file.ts";
import type { Session } from "../session/session.ts";
import type { RollbackRequest } from "./rollback_options.ts";

/**
 * Makes sure that a plan can be written: before AWS is asked, and so that no plan of another run is lost.
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

/**
 * Writes a plan file, and gives up the permission to write any other: before anything is carried out.
 *
 * @throws UsageError where it cannot be written, for nothing is done that cannot be gone on with
 */
export async function keepPlan(
  path: string,
  planned: readonly (ServiceToFile & { readonly session: Session })[],
  options: RollbackRequest,
): Promise<void> {
  const { session } = planned[0]!;
  const { host, reporter, giveUpWriting } = session;
  const { parallel, onFailure } = options;
  // Of many services, 0 is no default.
  const failAfter = options.failAfter === undefined ? {} : { failAfter: options.failAfter };
  const how = { carried: { ...carriedOptions(options), ...failAfter }, policy: { parallel, onFailure } };
  const madeAtMs = host.clock.now();
  try {
    await host.files.createText(path, renderPlanFile(path, planned, how, madeAtMs));
  } catch (error) {
    throw new UsageError(
      `--plan-out: the plan cannot be written to ${path}: ${describeReasonOf(reasonOf(error))}`,
      "nothing has been changed; name a file that can be made",
    );
  }
  reporter.emit({
    kind: "planFile",
    path,
    madeAtMs,
    ageMs: 0,
    services: planned.length,
    isWritten: true,
    options: resumingOptions(session),
  });
  await giveUpWriting();
}

/** Those that a plan file says itself, with their values. */
const IN_FILE = ["--config", "--service", "--cluster", "--region", "--assume-role-arn"];

/** The options that have to be given with the plan file once more: the envfiles, and the variables for Jsonnet. */
export function resumingOptions({ scope: { options = [] } }: Pick<Session, "scope">): string[] {
  return options.filter((_, index) => !IN_FILE.includes(options[index - index % 2]!));
}
