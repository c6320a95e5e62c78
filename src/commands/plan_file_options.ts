import { dirname } from "node:path";
import { UsageError } from "../errors.ts";
import type { Files } from "../host.ts";
import { planFileCommand } from "../report/plan_file_text.ts";

export const PLAN_OUT = [
  "--plan-out <file>",
  "write the plan to a new file before anything is done: for a review, and to go on with it after whatever happens",
] as const;

export const PLAN = [
  "--plan <file>",
  "carry out the plan in a file: only what still is as it says; safe to repeat, until all is done",
] as const;

/** The options of which a plan file says what they say: which revisions, and what becomes of the services. */
const IN_FILE = [
  ...["--revision", "--min-served", "--at", "--image-tag", "--deployment", "--from", "--if-deployed-within"],
  ...["--config", "--cluster", "--region", "--service-tag", "--fleet", "--max-services"],
  ...["--allow-unproven", "--pin", "--restore", "--preflight", "--reregister", "--no-wait"],
  ...["--suspend-auto-scaling", "--resume-auto-scaling", "--deregister", "--plan-out"],
];

/** For `defineCommand`. */
export const PLAN_CONFLICTS: Readonly<Record<string, string>> = Object.fromEntries(
  IN_FILE.map((option) => [`--plan ${option}`, "the plan file says it"]),
);

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
