import type { DurationProblem, NameProblem, ValueProblem } from "../../problems.ts";
import { byCode, type Cases } from "../cases.ts";
import { PLAN_FILE_TEXTS } from "./plan_file_problem_text.ts";

/** In characters. */
const LONGEST_QUOTE = 40;

/** What the user wrote, quoted for a message that must stay one short line whatever was written. */
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

const NAME_TEXTS: Cases<NameProblem, "code", string> = {
  noName: ({ kind, text }) =>
    kind === "region"
      ? `${quoteTruncated(text)} ${NO_REGION}`
      : `${quoteTruncated(text)} is no ${kind}'s name or ARN, nor a name with *`,
  twoNames: ({ kind, one, other }) => `two ${kind}s are named: ${one} and ${other}`,
};

/** What is wrong with how a service is named, as a clause. */
export const describeName = byCode<NameProblem, string>(NAME_TEXTS);

/** What is wrong with the value of a key, as a clause. */
export const describeValue = byCode<ValueProblem, string>({
  ...DURATION_TEXTS,
  ...NAME_TEXTS,
  noRole: () => NO_ROLE,
  notCount: () => "must be a whole number, 1 or more",
  hasConfigBeside: () => "is in the config, and stands beside service only (leave it out)",
  namesNothing: () => "is missing (write config: FILE, or service: NAME)",
  hasServiceBeside: () => "a config names its service, and there is a service beside it (leave one of them out)",
  ...PLAN_FILE_TEXTS,
  noVersion: ({ text }) =>
    `cannot read ${quoteTruncated(text)} as a version constraint (write ">= 2.0.0, < 3" or "~> 2.3")`,
  otherVersion: ({ text, format }) =>
    `asks for ${quoteTruncated(text)}, and this program reads the config format of ecspresso ${format}`,
  noRegion: () => NO_REGION,
  badPrefix: () => "must be letters, digits and _, no digit first",
  noState: () => "its state is missing (write config: {path: terraform.tfstate} or {url: s3://BUCKET/KEY})",
  functionTaken: ({ name }) => `another plugin has the function ${name} already (give each its own func_prefix)`,
});
