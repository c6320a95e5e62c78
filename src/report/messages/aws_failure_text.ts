import { inMib } from "../../host/read_bounded.ts";
import type { AwsFailure, CallTrouble } from "../../problems/aws_failure.ts";
import { byCode } from "../cases.ts";

/** One line that names the operation, AWS's own name for the error, its words and the request id. */
export function describeCall({ operation, code, detail, trouble, requestId }: AwsFailure): string {
  const ours = trouble === undefined ? "" : describeTrouble(trouble);
  const words = detail === "" || ours === "" ? detail + ours : `${detail} (${ours})`;
  const said = words === "" ? "" : `: ${words}`;
  return `${operation} failed: ${code}${said}${requestId === undefined ? "" : ` (request id ${requestId})`}`;
}

const describeTrouble = byCode<CallTrouble, string>({
  variableNotText: () => "a variable that the AWS SDK reads is not UTF-8 text: set it again, or unset it",
  keysNotSendable: () => "they hold a character that no key or token has",
  noSsoSession: () => "the AWS CLI's files do not have the [sso-session] section that the profile's sso_session names",
  noProfile: ({ profile }) => `the AWS profile ${profile} is in none of the AWS CLI's files (AWS_PROFILE names it)`,
  credentialsNotFromAws: () =>
    "what was asked for credentials has answered with something else, not from AWS: a proxy?",
  askedForCredentials: ({ words }) => `asked for them: ${words}`,
  byProxy: ({ proxy }) => `by way of the proxy ${proxy}`,
  noAnswerInTime: () => "no answer came in time",
  notSent: () => "stopped while it waited for its turn",
  noAnswerWithin: ({ withinMs }) => `no answer within ${withinMs} ms`,
  answerTooDeep: () => "the answer is nested too deeply",
  pagesTooLarge: ({ mostBytes }) => `the list is refused: its pages are more than ${inMib(mostBytes)}`,
  mayBeMissing: () => "or it is missing, which S3 says only with s3:ListBucket",
  mayBePulled: () => "it is not in Amazon ECR now, which may fetch it: the repository has a pull-through cache rule",
  lacks: ({ name }) => `AWS's answer has no ${name}`,
  lacksFor: ({ name, reason = "no reason given" }) => `AWS's answer has no ${name} (${reason})`,
  namesNone: ({ name }) => `AWS's answer has an empty ${name}`,
  aboutAnother: ({ name }) => `AWS's answer is about another ${name}`,
  aboutThis: ({ name, shown }) => `AWS's answer is about another ${name}: ${shown}`,
  leavesOut: ({ name }) => `AWS's answer leaves out some of the ${name} that were asked for`,
  hasNoList: ({ name }) => `AWS's answer has ${name} that are no list`,
  wrongMember: ({ name, expected }) =>
    expected === "tags"
      ? `AWS's answer has ${name} that are no tags`
      : `AWS's answer has a ${name} that is ${WRONG[expected]}`,
  stillActive: () => "AWS's answer shows it as ACTIVE",
});

const WRONG = { text: "no text", number: "no number", flag: "neither true nor false", time: "no time" };
