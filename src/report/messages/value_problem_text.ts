import type { DurationProblem, NameProblem, ValueProblem } from "../../problems.ts";
import { byCode, type Cases } from "./cases.ts";

/** In characters. */
const LONGEST_QUOTE = 40;

/** Quotes what the user wrote, cut so that the message stays one short line. */
function quoteTruncated(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}

const WRITE_DURATION = "write 10m, 600s or 600";

const DURATION_TEXTS: Cases<DurationProblem, "code", string> = {
  noDuration: ({ text }) =>
    text === undefined
      ? `must be a duration (${WRITE_DURATION})`
      : `cannot read ${quoteTruncated(text)} as a duration (${WRITE_DURATION})`,
  negativeDuration: ({ text = "" }) => `${quoteTruncated(text)} is negative (${WRITE_DURATION}; 0 for none)`,
  longDuration: ({ text = "" }) => `${quoteTruncated(text)} is longer than a year (a bare number is seconds)`,
};

/** What is wrong with a duration, as a clause. */
export const describeDuration = byCode<DurationProblem, string>(DURATION_TEXTS);

export const NO_ROLE = "is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/deploy";
export const NO_REGION = "is not an AWS region, such as ap-northeast-1";

/** What to do about a plan file that cannot be used. */
export const PLAN_ANEW = "make a new plan with --plan-out";

const NAME_TEXTS: Cases<NameProblem, "code", string> = {
  noName: ({ kind, text }) =>
    kind === "region"
      ? `${quoteTruncated(text)} ${NO_REGION}`
      : `${quoteTruncated(text)} is neither the name or ARN of a ${kind} nor a name with *`,
  twoNames: ({ kind, one, other }) => `two ${kind}s are named: ${one} and ${other}`,
};

/** What is wrong with the name of a service or cluster, or with a region, as a clause. */
export const describeName = byCode<NameProblem, string>(NAME_TEXTS);

/** What is wrong with a value in a config, fleet or plan file, as a clause. */
export const describeValue = byCode<ValueProblem, string>({
  ...DURATION_TEXTS,
  ...NAME_TEXTS,
  noRole: () => NO_ROLE,
  notCount: () => "must be a whole number, 1 or more",
  hasConfigBeside: () => "is in the config, and stands beside service only (leave it out)",
  namesNothing: () => "is missing (write config: FILE, or service: NAME)",
  hasServiceBeside: () => "a config names its service, and there is a service beside it (leave one of them out)",
  // In a plan file.
  noPlanFormat: ({ format }) =>
    `is not ${JSON.stringify(format)}, so this is not a plan file (make one with --plan-out)`,
  otherPlanVersion: ({ version, isNewer }) =>
    `is not ${version}: ${isNewer ? "a newer ecspresso has made this; use that, or " : ""}${PLAN_ANEW}`,
  noPlainName: ({ kind }) => `is not the name of one ${kind}: letters, digits, _ and -, 255 at most`,
  noTime: () => 'is not a time (write one such as "2026-11-27T12:00:00.000Z")',
  noAccount: () => "is not the 12 digits of an account",
  noTaskDefinition: () => "is not the full ARN of a task definition, with its number at the end",
  serviceTwice: () => "is there twice (leave one of them out)",
  noServices: () => `names no service (${PLAN_ANEW})`,
  noBake: () => "takes a duration from 1m to 24h, such as 5m",
  noPreflight: () => "takes a duration such as 3s, or off",
  noneOf: ({ choices }) => `is none of ${choices.join(", ")}`,
  ofElsewhere: ({ kind, its }) => `belongs to another ${kind} than the service (${its})`,
  notWithoutWaiting: () => "cannot be used where wait is false: nobody would see how it ends",
  notWithUndo: () => "cannot be used where onFailure is undo: a deregistered revision cannot be rolled back to",
  configNamesAnother: ({ kind, config, name }) =>
    `is not the ${kind} of ${config}, which names ${name} (${PLAN_ANEW}, or correct one of them)`,
  noVersion: ({ text }) =>
    `cannot read ${quoteTruncated(text)} as a version constraint (write ">= 2.0.0, < 3" or "~> 2.3")`,
  otherVersion: ({ text, format }) =>
    `asks for ${quoteTruncated(text)}, and this program reads the config format of ecspresso ${format}`,
  noRegion: () => NO_REGION,
  badPrefix: () => "must be letters, digits and _, no digit first",
  noState: () => "its state is missing (write config: {path: terraform.tfstate} or {url: s3://BUCKET/KEY})",
  functionTaken: ({ name }) => `another plugin has the function ${name} already (give each its own func_prefix)`,
});
