import type { FailureData } from "../errors.ts";
import { parseServiceArn } from "../model/arn.ts";
import { listClustersCommand, listServicesCommand, quoteArgument } from "./messages/typed_commands.ts";
import type { SetProblem } from "../problems.ts";
import type { AwsFailure, UnseenOrder } from "../problems/aws_failure.ts";
import { byCode, byKind } from "./messages/cases.ts";
import { describeCall, findMissingPermission } from "./messages/aws_failure_text.ts";
import { describeProblem } from "./messages/config_problem_text.ts";
import { RAISE_OPEN_FILES } from "./messages/machine_problem_text.ts";
import { describeNearest, type RefusalLines } from "./messages/phrases.ts";

/**
 * The message of an error that ended a run, and what to do about it, one line each.
 *
 * @param region that AWS was asked in, if it is known
 */
export const describeFailure = byKind<FailureData, RefusalLines, [region: string | undefined]>({
  usage: ({ message, hint }) => [message, ...(hint?.split("\n") ?? [])],
  config: ({ problem, position }) => [describeProblem(problem, position)],
  refused: ({ problem }) => describeSetProblem(problem),
  aws: ({ aws }, region) => {
    const unseen = aws.unseen === undefined ? "" : describeUnseen(aws.unseen);
    return [`${describeCall(aws)}${unseen}`, ...adviseOn(aws, region)];
  },
  unforeseen: ({ message }) =>
    OUT_OF_FILES.test(message)
      ? [message, RAISE_OPEN_FILES]
      : [`unforeseen: ${message} (this is a defect of ecspresso)`],
});

const MAYBE = "; unknown, may be in flight: ";

/** What a read after an order did not show, as an addition to the error's message. */
const describeUnseen = byCode<UnseenOrder, string>({
  noNewDeployment: ({ taskDefinition }) =>
    `${MAYBE}no new deployment${taskDefinition === undefined ? "" : ` of ${taskDefinition}`} was seen`,
  notAsOrdered: ({ names }) => `${MAYBE}the service was not seen to have ${names.join(", ")} as ordered`,
  notStopped: () => `${MAYBE}the deployment was not seen to stop`,
  startedNone: ({ taskDefinition, stillAt }) =>
    `: ECS accepted the update and has started no deployment of ${taskDefinition}` +
    (stillAt === undefined ? "" : `: the service is still at deployment ${stillAt}`),
});

/** What to do about an AWS error, one line each; empty if its own words have to be enough. */
function adviseOn(error: AwsFailure, region: string | undefined): string[] {
  return error.foreign === undefined ? ADVICE[error.kind](error, region) : adviseOnForeign(error);
}

const ADVICE: Readonly<Record<AwsFailure["kind"], typeof adviseOn>> = {
  denied: (error) => adviseOnDenial(error),
  credentials(error) {
    const { code, detail } = error;
    if (isOfRole(error) && code.startsWith("AccessDenied")) return adviseOnRole(error);
    const words = detail + wordsOf(error);
    // The credentials may come from a server, which could not be reached.
    return [adviseOnConnection(words) ?? `${renewal(code + words)}, then check: aws sts get-caller-identity`];
  },
  unreachable(error) {
    const network = isOfRole(error)
      ? "check the region, the way from here to AWS STS (network, proxy, VPC endpoint), and AWS_ENDPOINT_URL_STS or " +
        "AWS_ENDPOINT_URL if one is set"
      : "check the region, the network and its proxy, and AWS_ENDPOINT_URL if it is set";
    return [adviseOnConnection(error.detail) ?? network];
  },
  throttled: () => ["AWS throttles the calls of this account: try again in a minute"],
  rejected: ({ operation, code }, region) => {
    if (operation === "TagResource" && code === "LimitExceededException") {
      return ["a service may have 50 tags at most: remove some, or leave out the option that writes them (--fast)"];
    }
    if (code !== "ClusterNotFoundException") return [];
    return [`check cluster and region; to list the clusters: ${listClustersCommand({ region })}`];
  },
  lost: ({ code }) => {
    if (code !== "AnswerLost") return [];
    return [
      "check the network, its proxy, and AWS_ENDPOINT_URL if it is set; see what runs before you repeat the command",
    ];
  },
  server: () => [],
};

const isOfRole = ({ role }: AwsFailure) => role !== undefined;

/** What went wrong when credentials were asked for, if that is why there are none. */
function wordsOf({ trouble }: AwsFailure): string {
  const why = trouble?.code === "askedForCredentials" ? trouble.why : trouble;
  if (typeof why === "string") return ` ${why}`;
  return why?.code === "contradictoryAnswer" ? ` ${why.error}` : "";
}

function renewal(problem: string): string {
  return /expired/i.test(problem)
    ? "the credentials have expired: renew them (aws sso login, or assume the role again)"
    : "set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is attached";
}

/** Something other than AWS has answered. */
function adviseOnForeign({ operation, foreign }: AwsFailure): string[] {
  if (foreign === "wantsLogin") {
    return ["give the proxy's login in HTTPS_PROXY (http://USER:PASSWORD@HOST:PORT), or name AWS's hosts in NO_PROXY"];
  }
  const isRead = /^(?:Describe|List|Get|AssumeRole)/.test(operation);
  const orders = isRead ? "" : "; see what runs before you repeat the command";
  return [
    `check the network (does it want a login?), HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL if it is set${orders}`,
  ];
}

/** If AWS gives no reason, the role may be missing or not trust the caller: both look the same. */
function adviseOnRole(error: AwsFailure): string[] {
  if (/explicit deny|no identity-based policy/i.test(error.detail)) return adviseOnDenial(error);
  return [
    "check that the role exists, that its trust policy names the caller (see aws sts get-caller-identity), " +
    "and that the caller may call sts:AssumeRole on it",
  ];
}

export function adviseOnDenial(denial: AwsFailure): string[] {
  if (/explicit deny/i.test(denial.detail)) {
    return ["a policy denies it explicitly, and no other permission helps: ask for a change of that policy"];
  }
  const missing = findMissingPermission(denial);
  if (missing === undefined) {
    return ["ask for the missing permission; docs/permissions.md lists what each command needs"];
  }
  const statement = { Effect: "Allow", Action: missing.action, Resource: missing.resource ?? "*" };
  return [`the missing IAM statement: ${JSON.stringify(statement)}`];
}

const NAME_AN_AUTHORITY =
  "name the PEM file of its certificate in AWS_CA_BUNDLE, in ca_bundle of the AWS profile (either holds all " +
  "authorities), or in SSL_CERT_FILE (besides Mozilla's), or add it to the system's store";

const OUT_OF_FILES = /too many open files/i;

/**
 * What to do if a connection failed or cannot be trusted, by the runtime's error message.
 *
 * @param detail of an AwsError, with the URL that was called
 * @returns `undefined` if there is no advice
 */
function adviseOnConnection(detail: string): string | undefined {
  const host = /https?:\/\/([^/\s)]+)/.exec(detail)?.[1] ?? "the server";
  const certificate = /invalid peer certificate: (.*)/.exec(detail)?.[1];
  if (certificate !== undefined) return adviseOnCertificate(host, certificate);
  if (/proxy authentication required/i.test(detail)) {
    return "the proxy asks for a login: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT (with @ : / written %40 %3A %2F)";
  }
  if (/unsuccessful tunnel|while tunneling|headers too long for tunnel|proxy server unreachable|socks/i.test(detail)) {
    return `the proxy does not connect to ${host}: check HTTPS_PROXY, its login and what the proxy allows, or name the host in ` +
      "NO_PROXY";
  }
  if (/InvalidContentType|corrupt message/.test(detail)) {
    return `the server that answers for ${host} does not speak TLS: check AWS_ENDPOINT_URL (http:// or https://) and HTTPS_PROXY`;
  }
  return OUT_OF_FILES.test(detail) ? RAISE_OPEN_FILES : undefined;
}

function adviseOnCertificate(host: string, problem: string): string {
  // An authority that kept its name but has a new key counts as unknown.
  if (/^(UnknownIssuer|BadSignature)/.test(problem)) {
    return `no trusted authority has signed the certificate of ${host}; the usual reason is a company's proxy that reads ` +
      `the traffic: ${NAME_AN_AUTHORITY}`;
  }
  const [, nowS, bound, boundS] = /time (\d+) \(UNIX\).* not valid (after|before) (\d+)/.exec(problem) ?? [];
  if (nowS !== undefined && boundS !== undefined) {
    return `the certificate of ${host} is not valid ${bound} ${showTime(boundS)}, and here it is ${showTime(nowS)}: ` +
      "check this machine's clock, then who serves the certificate (a proxy?)";
  }
  if (problem.includes("not valid for name")) {
    return `the certificate is not for ${host}: check AWS_ENDPOINT_URL, DNS and the proxy`;
  }
  return `the certificate of ${host} cannot be trusted: check who serves it (a proxy?); if a company's authority has signed ` +
    `it, ${NAME_AN_AUTHORITY}`;
}

function showTime(seconds: string): string {
  return new Date(Number(seconds) * 1_000).toISOString().replace(/\.000Z$/, "Z");
}

const FILES = { fleet: "the fleet file", plan: "the plan" };

/** Why the services to act on are not known, or are too many, and what to do. */
const describeSetProblem = byCode<SetProblem, RefusalLines>({
  noFileMatches: ({ pattern }) => [
    `no file matches ${quoteArgument(pattern)}`,
    "* stands for any part of one name, ** for any folders; a path counts from the working directory, or from the folder " +
    "of the fleet file",
  ],
  noClusterMatches: ({ pattern, region, nearest }) => [
    `${pattern.includes("*") ? "no cluster matches" : "there is no cluster"} ${quoteArgument(pattern)}` +
    describeNearest(nearest),
    `check the region; to list the clusters: ${listClustersCommand({ region })}`,
  ],
  noServiceMatches: ({ pattern, tags, clusters, region, nearest }) => {
    const what = tags.length > 0
      ? `has the tag${tags.length > 1 ? "s" : ""} ${tags.map(quoteArgument).join(" and ")}`
      : `${pattern.includes("*") ? "matches" : "is called"} ${quoteArgument(pattern)}`;
    const where = clusters.length === 1 ? `the cluster ${clusters[0]}` : `the ${clusters.length} clusters`;
    return [
      `no service of ${where} ${what}${describeNearest(nearest)}`,
      "check cluster and region; to list the services:",
      ...clusters.slice(0, 3).map((cluster) => listServicesCommand({ cluster, region })),
    ];
  },
  tooManyServices: ({ count, most }) => [
    `${count} services are meant, and more than ${most} are not taken unless that is asked for`,
    `look whether all of them are meant; then add --max-services ${count}`,
  ],
  filesThere: ({ paths }) => [
    `nothing is written: ${paths.join(", ")} ${paths.length === 1 ? "is" : "are"} there already`,
    "to keep them, name other files: --config FILE, --service-definition-path, --task-definition-path; to replace them, " +
    "add --force-overwrite",
  ],
  notInFile: ({ name, kind, path, nearest }) => [
    `${FILES[kind]} ${path} has no service ${quoteArgument(name)}${describeNearest(nearest)}`,
    "name one of its services, as it is called in ECS, or leave --service out for all of them",
  ],
  severalInFile: ({ name, kind, path, found }) => [
    `${FILES[kind]} ${path} has ${found.length} services ${quoteArgument(name)}, in ` +
    found.map(parseServiceArn).map((one) => `${one?.cluster} (${one?.region})`).join(" and "),
    "name the one that is meant by its ARN:",
    ...found.map((arn) => `--service ${arn}`),
  ],
  otherAccount: ({ arn, account, own }) => [
    (arn.startsWith("arn:") ? arn : `the cluster ${arn}`) +
    ` belongs to the account ${account}, and the credentials to ${own}`,
    "use that account's credentials (AWS_PROFILE), or a role there: --assume-role-arn",
  ],
});
