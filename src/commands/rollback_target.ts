import { Option } from "@commander-js/extra-typings";
import { suggesting } from "../completion/grammar.ts";
import { UsageError } from "../errors.ts";
import { findTaskDefinition } from "../model/arn.ts";
import { type LeftChoice, type RevisionChoice, STABLE_AFTER_MS } from "../rollout/read/revision_choice.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { parseMoment, parseSpan } from "../session/parse_moment.ts";
import type { OptionsOf } from "./define_command.ts";

/** Adds the options that say which revision a rollback goes to, and which one it leaves. */
export function addTargetOptions(command: ProgramCommand) {
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

/** Returns the value as it is: only an option with a parser can take a value that looks like an option, such as `-2h`. */
const asTyped = (text: string) => text;

function revisionOption() {
  const option = new Option(
    "--revision <revision>",
    "a number, family:number, ARN, previous (the last deployed successfully before what runs), or stable (the newest " +
      "older one that served for --min-served)",
  ).argParser(parseRevisionChoice);
  return suggesting(option, ["previous", "stable"]);
}

/** Reads where a rollback is to go; `undefined` if no option says so. Throws a UsageError for what makes no sense. */
export function readTarget(
  { revision, minServed, at, imageTag, deployment }: Partial<OptionsOf<typeof addTargetOptions>>,
  nowMs: number,
): RevisionChoice | undefined {
  if (minServed !== undefined && revision?.kind !== "stable") {
    throw new UsageError("--min-served is for --revision stable", "leave it out, or add --revision stable");
  }
  if (at !== undefined) return { kind: "at", atMs: parseMoment(at, "--at", nowMs) };
  if (imageTag !== undefined) return { kind: "imageTag", tag: imageTag };
  if (deployment !== undefined) return { kind: "deployment", id: deployment };
  return revision?.kind === "stable" && minServed !== undefined ? { ...revision, minServedMs: minServed } : revision;
}

/**
 * Reads what `--revision` says: a number, `previous`, `stable`, `family:number` or a task definition's full ARN. Throws
 * a UsageError, which names the option, for anything else.
 */
export function parseRevisionChoice(text: string): RevisionChoice {
  if (text === "previous") return { kind: "previous" };
  if (text === "stable") return { kind: "stable", minServedMs: STABLE_AFTER_MS };
  return parseNamed("--revision", text, ", an ARN, previous or stable");
}

/** Reads what `--from` says. Throws a UsageError, which names the option, for anything but a revision. */
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
  const revision = Number(digits);
  if (name === undefined && revision <= LARGEST_REVISION) return { kind: "number", revision };
  const named = name === undefined ? findTaskDefinition(text) : { family: name, revision };
  if (named !== undefined && named.revision <= LARGEST_REVISION) return { kind: "named", ...named };
  throw new UsageError(`${option} takes a number, family:number${others}, not ${JSON.stringify(text.slice(0, 120))}`);
}

/** A hint for a rollback of many services, each of which has revisions of its own. */
export const SAY_WHERE = "add --revision previous, --revision stable, --at or --image-tag";

/** Refuses a number, an ARN or a deployment, which belong to one service, if there are many. */
export function refuseNumbers({ kind }: RevisionChoice, from: unknown): void {
  if (from !== undefined) {
    throw new UsageError("--from names a revision of one service, and there are many", "leave it out");
  }
  if (kind !== "number" && kind !== "named" && kind !== "deployment") return;
  throw new UsageError(
    "a revision number, an ARN or a deployment belongs to one service, and there are many",
    SAY_WHERE,
  );
}
