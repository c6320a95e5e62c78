import { Option } from "@commander-js/extra-typings";
import { suggesting } from "../completion/grammar.ts";
import { UsageError } from "../errors.ts";
import { findTaskDefinition } from "../model/arn.ts";
import { type LeftChoice, type RevisionChoice, STABLE_AFTER_MS } from "../rollout/read/revision_choice.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { parseMoment, parseSpan } from "./parse_moment.ts";

/** Adds the options that say where a rollback goes, and what it leaves. */
export function addTargetOptions(command: ProgramCommand) {
  const revision = new Option(
    "--revision <revision>",
    "where to: a number, family:number, ARN, previous, or stable (what last served for --min-served)",
  ).argParser(parseRevisionChoice);
  return command
    .addOption(suggesting(revision, ["previous", "stable"]))
    .option(
      "--min-served <duration>",
      "with --revision stable: how long it has to have served (default: 15m)",
      parseServed,
    )
    .option(
      "--at <moment>",
      "to what served then: '2026-11-24 18:00' (local, or with an offset: Z, +09:00), or -2h",
      asTyped,
    )
    .option(
      "--image-tag <tag>",
      "to the newest deployment with this tag, or with 7 digits or more of a git commit in one",
      asTyped,
    )
    .option("--deployment <id>", "to a deployment of the past: its ARN, or the last part of it", asTyped)
    .option(
      "--from <revision>",
      "go back from this revision only (number, family:number or ARN): nothing to do when the service is back already, " +
        "refused when it runs another one",
      parseLeft,
    )
    .option(
      "--if-deployed-within <duration>",
      "only when what runs was deployed no longer ago than this, and is no rollback itself; otherwise do nothing (exit " +
        "code 0)",
      parseWithin,
    );
}

const ONE_TARGET = "each says where to go back to";

/** For `defineCommand`. */
export const TARGET_CONFLICTS: Readonly<Record<string, string>> = {
  "--revision --at": ONE_TARGET,
  "--revision --image-tag": ONE_TARGET,
  "--revision --deployment": ONE_TARGET,
  "--at --image-tag": ONE_TARGET,
  "--at --deployment": ONE_TARGET,
  "--image-tag --deployment": ONE_TARGET,
};

/** The options of `addTargetOptions`, as they are typed. */
interface TargetOptions {
  readonly revision?: RevisionChoice | undefined;
  readonly minServed?: number | undefined;
  readonly at?: string | undefined;
  readonly imageTag?: string | undefined;
  readonly deployment?: string | undefined;
}

/** Where a rollback is to go; `undefined`: nothing says so. Throws a UsageError for what makes no sense. */
export function readTarget(
  { revision, minServed, at, imageTag, deployment }: TargetOptions,
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

function parseServed(text: string): number {
  return parseSpan(text, "--min-served");
}

function parseWithin(text: string): number {
  return parseSpan(text, "--if-deployed-within");
}

function asTyped(text: string): string {
  return text;
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
