import { Option } from "@commander-js/extra-typings";
import { suggesting } from "../completion/grammar.ts";
import { UsageError } from "../errors.ts";
import { findTaskDefinition } from "../model/arn.ts";
import { type LeftChoice, type RevisionChoice, STABLE_AFTER_MS } from "../rollout/read/revision_choice.ts";
import type { BeforeRollback } from "../rollout/plan/options.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import type { Session } from "../session/session.ts";
import type { OptionsOf } from "./define_command.ts";
import {
  addManyOptions,
  addReportOptions,
  alarmOption,
  bakeOption,
  BREAKERS,
  failAfterOption,
  IN_TAG_TOO,
  parseHold,
  preflightOption,
  refuseAlarmAlone,
  resumeOption,
  suspendOption,
  waitOption,
} from "./options.ts";
import { parseMoment, parseSpan } from "./parse_moment.ts";

/** How rollbacks are carried out, of one service or of many. */
export type RollbackRequest = OptionsOf<typeof addRollbackOptions> & { readonly givenTimeoutMs: number | undefined };

/** Where it goes, and what it leaves. */
export interface RollbackTarget {
  readonly choice: RevisionChoice;
  readonly from?: LeftChoice | undefined;
  /** It is one of many, and stays where it is if it was rolled back already. */
  readonly staysBack?: boolean | undefined;
  /** What a plan file says of it. */
  readonly before?: BeforeRollback | undefined;
}

/** Rolls services back. Returns the exit code. */
export type RollBack = (
  sessions: readonly Session[],
  targetOf: (session: Session) => RollbackTarget,
  options: RollbackRequest,
) => Promise<number>;

/** Adds the options of `rollback`, in groups: where to, what starts there, how. */
export function addRollbackOptions(command: ProgramCommand) {
  return addHowOptions(addStartOptions(addTargetOptions(command)));
}

function addStartOptions(command: ReturnType<typeof addTargetOptions>) {
  return command.optionsGroup("What starts there:")
    .addOption(
      new Option(
        "--pin <policy>",
        "where tags have moved: auto registers a copy that names the digests that ran; always: of each image whose digest is " +
          "known; never: starts what the tags name today",
      ).choices(["auto", "never", "always"]).default("auto" as const),
    )
    .addOption(
      new Option(
        "--restore <what>",
        "the settings with which the revision ran (network, load balancers, volumes ...): warn says which differ; service " +
          "restores them; none says nothing",
      ).choices(["warn", "service", "none"]).default("warn" as const),
    )
    .addOption(preflightOption())
    .option("--reregister", "if the revision is deregistered, register a copy of it and roll back to that");
}

const THEN_BAKE =
  "then watch its alarms and load balancers so long, and say whether it helped; on top of --timeout, and of ECS's own " +
  "bake time";

function addHowOptions(command: ReturnType<typeof addStartOptions>) {
  const how = command.optionsGroup("How:")
    .option("--dry-run", "print the plan and change nothing")
    .option(
      "--plan-out <file>",
      "write the plan to a new file before carrying it out (with --dry-run: instead), for a review, or to go on with it " +
        "after whatever happens",
    )
    .option(
      "--plan <file>",
      "carry out the plan in a file; refuses a service that has changed since; may be repeated until all is done",
    )
    .addOption(waitOption())
    .option(
      "--no-wait",
      "end once ECS has accepted the order, and leave the rest to ECS; not with --deregister, --fast or both scaling " +
        "options",
    )
    .option(
      "--fast",
      "blue/green, linear, canary: without bake time, hooks (approvals) and traffic steps, which are restored afterwards; " +
        "if this run dies: status shows the command that restores them",
    )
    .addOption(failAfterOption(`0; for several services: ${BREAKERS}`))
    .addOption(suspendOption())
    .addOption(resumeOption())
    .option(
      "--deregister",
      "after the rollback, deregister the task definition that was current before it, unless it is in use",
    )
    .option(
      "--hold <duration>",
      "afterwards, deploy refuses the service for this long (see hold)",
      parseHold("--hold"),
    )
    .addOption(bakeOption(THEN_BAKE))
    .addOption(alarmOption());
  return addManyOptions(addReportOptions(how, IN_TAG_TOO), "continue");
}

function revisionOption() {
  const option = new Option(
    "--revision <revision>",
    "a number, family:number, ARN, previous (the last deployed successfully before what runs), or stable (the newest " +
      "older one that served for --min-served)",
  ).argParser(parseRevisionChoice);
  return suggesting(option, ["previous", "stable"]);
}

/** Adds the options that say where a rollback goes, and what it leaves. */
function addTargetOptions(command: ProgramCommand) {
  return command.optionsGroup("Where to:")
    .addOption(revisionOption())
    .option(
      "--min-served <duration>",
      "with --revision stable: how long it has to have served (default: 15m)",
      (text: string) => parseSpan(text, "--min-served"),
    )
    .option(
      "--at <moment>",
      "to what served then: '2026-11-24 18:00' (this machine's time, or with an offset: Z, +09:00), or -2h",
      asTyped,
    )
    .option(
      "--image-tag <tag>",
      "to the newest deployment with this tag, or with 7 digits or more of a git commit in one",
    )
    .option("--deployment <id>", "to a deployment of the past: its ARN, or the last part of it")
    .option(
      "--from <revision>",
      "go back from this revision only (number, family:number or ARN): nothing to do when the service is back already, " +
        "refused when it runs another one",
      parseLeft,
    )
    .option(
      "--if-deployed-within <duration>",
      "only if the deployment of what runs began within this time, and is not a rollback; otherwise do nothing " +
        "(exit code 0)",
      (text: string) => parseSpan(text, "--if-deployed-within"),
    )
    .option(
      "--allow-unproven",
      "allow a target with no record of having run: with previous, the next lower registered revision; or a revision of " +
        "another family",
    );
}

/** What has a parser is told from an option, which `-2h` looks like (`Mistakes`). */
const asTyped = (text: string) => text;

const ONE_TARGET = "each says where to go back to";

/** The options of which a plan file says what they say: which revisions, and what becomes of the services. */
const IN_PLAN_FILE = [
  ...["--revision", "--min-served", "--at", "--image-tag", "--deployment", "--from", "--if-deployed-within"],
  ...["--config", "--cluster", "--region", "--service-tag", "--fleet", "--max-services"],
  ...["--allow-unproven", "--pin", "--restore", "--preflight", "--reregister", "--no-wait"],
  ...["--fast", "--suspend-auto-scaling", "--resume-auto-scaling", "--deregister", "--plan-out"],
];

/** Options that cannot be used together, and why not. */
export const ROLLBACK_CONFLICTS: Readonly<Record<string, string>> = {
  "--revision --at": ONE_TARGET,
  "--revision --image-tag": ONE_TARGET,
  "--revision --deployment": ONE_TARGET,
  "--at --image-tag": ONE_TARGET,
  "--at --deployment": ONE_TARGET,
  "--image-tag --deployment": ONE_TARGET,
  ...Object.fromEntries(IN_PLAN_FILE.map((option) => [`--plan ${option}`, "the plan file says it"])),
  "--bake --no-wait": "nobody would see when it is back",
  "--fast --no-wait": "nobody would restore the service's settings",
  "--fail-after --no-wait": "nobody would see how the deployment ends",
  "--on-failure=undo --no-wait": "nobody would see that one fails",
  "--on-failure=undo --hold": "what may have to go back again is not to be held",
  "--on-failure=undo --deregister": "a deregistered revision cannot be rolled back to",
  "--deregister --no-wait": "what is still in use cannot be deregistered",
  "--suspend-auto-scaling --resume-auto-scaling --no-wait": "resumed at once, nothing would be protected",
};

/** Where a rollback is to go; `undefined`: nothing says so. Throws a UsageError for what makes no sense. */
export function readTarget(
  { revision, minServed, at, imageTag, deployment, bake, alarm }: Partial<RollbackRequest>,
  nowMs: number,
): RevisionChoice | undefined {
  refuseAlarmAlone({ bake, alarm });
  if (minServed !== undefined && revision?.kind !== "stable") {
    throw new UsageError("--min-served is for --revision stable", "leave it out, or add --revision stable");
  }
  if (at !== undefined) return { kind: "at", atMs: parseMoment(at, "--at", nowMs) };
  if (imageTag !== undefined) return { kind: "imageTag", tag: imageTag };
  if (deployment !== undefined) return { kind: "deployment", id: deployment };
  return revision?.kind === "stable" && minServed !== undefined ? { ...revision, minServedMs: minServed } : revision;
}

/**
 * Reads what `--revision` says: a number, `previous`, `stable`, `family:number` or a task definition's full ARN. Throws a
 * UsageError, which names the option, for anything else.
 */
export function parseRevisionChoice(text: string): RevisionChoice {
  if (text === "previous") return { kind: "previous" };
  if (text === "stable") return { kind: "stable", minServedMs: STABLE_AFTER_MS };
  return parseNamed("--revision", text, ", an ARN, previous or stable");
}

/** Reads what `--from` says. Throws a UsageError, which names the option. */
export function parseLeft(text: string): LeftChoice {
  if (text === "previous" || text === "stable") {
    throw new UsageError(`--from takes the revision to leave (number, family:number or ARN), not ${text}`);
  }
  return parseNamed("--from", text, " or an ARN");
}

/** ECS's revision numbers have 32 bits. */
const LARGEST_REVISION = 2_147_483_647;

function parseNamed(option: string, text: string, others: string): LeftChoice {
  const [, name, digits] = /^(?:([A-Za-z0-9_-]{1,255}):)?([1-9]\d{0,9})$/.exec(text) ?? [];
  const { family = name, revision = Number(digits) } = findTaskDefinition(text) ?? {};
  if (revision <= LARGEST_REVISION) {
    return family === undefined ? { kind: "number", revision } : { kind: "named", name: text, family, revision };
  }
  throw new UsageError(`${option} takes a number, family:number${others}, not ${JSON.stringify(text.slice(0, 120))}`);
}

/** For many services, each of which has revisions of its own. */
export const SAY_WHERE = "add --revision previous, --revision stable, --at or --image-tag";

/** A number, an ARN or a deployment is one service's. */
export function refuseNumbers({ kind }: RevisionChoice, from: unknown): void {
  if (from !== undefined) {
    throw new UsageError("--from names a revision of one service, and there are many", "leave it out");
  }
  if (kind !== "number" && kind !== "named" && kind !== "deployment") return;
  throw new UsageError("a revision or deployment by name is one service's, and there are many", SAY_WHERE);
}
