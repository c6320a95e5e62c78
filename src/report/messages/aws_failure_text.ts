import { inMib } from "./log.ts";
import type {
  AttemptedCall,
  AwsFailure,
  CallTrouble,
  CredentialProcessProblem,
  RefusedAnswer,
} from "../../problems/aws_failure.ts";
import { byCode, type Named } from "./cases.ts";
import { describeReasonOf } from "./machine_problem_text.ts";

/** One line: the operation, AWS's error code, AWS's message or the program's own, and the request ID. */
export function describeCall({ operation, code, detail, trouble, requestId, role }: AwsFailure): string {
  const ours = trouble === undefined ? "" : describeTrouble(trouble);
  const words = detail === "" || ours === "" ? detail + ours : `${detail} (${ours})`;
  const said = words === "" ? "" : `: ${words}`;
  const what = role === undefined ? operation : `${operation} of ${role}`;
  return `${what} failed: ${code}${said}${requestId === undefined ? "" : ` (request id ${requestId})`}`;
}

export function callInBrackets(failure: AwsFailure | undefined): string {
  return failure === undefined ? "" : ` (${describeCall(failure)})`;
}

/** A line of the debug log. */
export function describeAttempt({ operation, attempt, result, tookMs }: AttemptedCall): string {
  return `${operation} attempt ${attempt}: ${result} in ${tookMs} ms`;
}

/** A call that failed, and what that costs a run which goes on without its answer; one line. */
export function describeCost(failure: AwsFailure, cost: string): string {
  return `${describeCall(failure)}; ${cost}`;
}

const describeTrouble: (trouble: CallTrouble) => string = byCode<CallTrouble, string>({
  variableNotText: () => "a variable that the AWS SDK reads is not UTF-8 text: set it again, or unset it",
  keysNotSendable: () => "they hold a character that no key or token has",
  noSsoSession: () => "the AWS CLI's files do not have the [sso-session] section that the profile's sso_session names",
  noProfile: ({ profile }) => `the AWS profile ${profile} is in none of the AWS CLI's files (AWS_PROFILE names it)`,
  credentialsNotFromAws: () =>
    "what was asked for credentials has answered with something else, not from AWS: a proxy?",
  askedForCredentials: ({ why }) => `asked for them: ${typeof why === "string" ? why : describeTrouble(why)}`,
  byProxy: ({ proxy }) => `by way of the proxy ${proxy}`,
  noAnswerInTime: () => "no answer came in time",
  notSent: () => "stopped while it waited for its turn",
  noAnswerWithin: ({ withinMs }) => `no answer within ${withinMs} ms`,
  answerTooDeep: () => "the answer is nested too deeply",
  pagesTooLarge: ({ mostBytes }) => `the list is refused: its pages are more than ${inMib(mostBytes)}`,
  foreignAnswer: describeForeign,
  contradictoryAnswer: ({ error, status }) => `AWS's answer is the error ${error} under HTTP ${status}`,
  answerTooLarge: ({ host, mostBytes }) => `the answer of ${host} is refused: it is more than ${inMib(mostBytes)}`,
  answerTooHeavy: ({ host, bytes }) =>
    `the answer of ${host} is refused: ${inMib(bytes)}, which take more memory than answers of AWS do`,
  credentialsTooLarge: ({ mostBytes }) => `an answer with credentials is refused: it is more than ${inMib(mostBytes)}`,
  mayBeMissing: ({ action }) =>
    `not authorized to perform: ${action} (or it is missing, which S3 says only with s3:ListBucket)`,
  mayBePulled: () => "it is not in Amazon ECR now, which may fetch it: the repository has a pull-through cache rule",
  lacks: ({ name }) => `AWS's answer has no ${name}`,
  lacksFor: ({ name, reason = "no reason given" }) => `AWS's answer has no ${name} (${reason})`,
  namesNone: ({ name }) => `AWS's answer has an empty ${name}`,
  aboutAnother: ({ name }) => `AWS's answer is about another ${name}`,
  aboutThis: ({ name, shown }) => `AWS's answer is about another ${name}: ${shown}`,
  leavesOut: ({ name }) => `AWS's answer leaves out some of the ${name} that were asked for`,
  hasNoList: ({ name }) => `AWS's answer has ${name} that are not a list`,
  wrongMember: ({ name, expected }) =>
    expected === "tags"
      ? `AWS's answer has ${name} that are not tags`
      : `AWS's answer has a ${name} that is ${WRONG[expected]}`,
  stillActive: () => "AWS's answer shows it as ACTIVE",
});

function describeForeign({ status, host, server, to }: Named<RefusedAnswer, "code", "foreignAnswer">): string {
  const from = server === undefined ? host : `${host} (${server})`;
  if (status === 407) return `HTTP 407 from ${from}: the proxy wants a login`;
  const where = to === undefined ? "" : ` to ${typeof to === "string" ? SENT_TO[to] : to.origin}`;
  const who = status >= 300 && status < 400 ? "a proxy or portal" : "a proxy";
  return `HTTP ${status} from ${from}${where}, not from AWS: ${who}?`;
}

const SENT_TO = { sameHost: "the same host", unreadable: "somewhere" };

const WRONG = { text: "not text", number: "not a number", flag: "neither true nor false", time: "not a time" };

/** AWS: `... is not authorized to perform: ecs:UpdateService on resource: arn:... because ...`; S3 quotes the resource. */
const DENIAL = /not authorized to perform: ([a-z\d-]+:[A-Za-z\d]+)(?: on resource: (?:"([^"]+)"|(arn:\S+)))?/;

/** The permission that a denial names; `undefined` if it names none. */
export function findMissingPermission(
  { detail, trouble }: Pick<AwsFailure, "detail" | "trouble">,
): { readonly action: string; readonly resource?: string | undefined } | undefined {
  if (trouble?.code === "mayBeMissing") return { action: trouble.action };
  const match = DENIAL.exec(detail);
  return match === null ? undefined : { action: match[1]!, resource: match[2] ?? match[3] };
}

/** Why the `credential_process` of an AWS profile gave no credentials. */
export const describeCredentialProcess = byCode<CredentialProcessProblem, string>({
  notDone: ({ program, withinMs }) => `credential_process ${program} was not done after ${withinMs / 1_000} s`,
  noShell: ({ program }) => `credential_process ${program} needs /bin/sh`,
  programFailed: ({ program, exitCode, said }) =>
    `credential_process ${program} ended with exit code ${exitCode}${said === undefined ? "" : `: ${said}`}`,
  notRun: ({ program, reason }) => `credential_process ${program} cannot be run: ${describeReasonOf(reason)}`,
});
