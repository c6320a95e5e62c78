import { awsCli } from "../model/typed_commands.ts";
import { type AwsFailure, NOT_FROM_AWS } from "../errors.ts";
import { adviseOnConnection } from "./connection_advice.ts";

/**
 * What to do about an AWS error, a line each; empty where its own words have to do.
 *
 * @param region where AWS was asked, as far as it is known
 */
export function adviseOn(error: AwsFailure, region: string | undefined): string[] {
  if (error.code === NOT_FROM_AWS) return adviseOnForeign(error);
  const isOfRole = error.operation.startsWith("AssumeRole ");
  switch (error.kind) {
    case "denied":
      return adviseOnDenial(error.detail);
    case "credentials":
      if (isOfRole && error.code.startsWith("AccessDenied")) return adviseOnRole(error.detail);
      if (/not from AWS|^HTTP 407 /.test(error.detail)) return adviseOnForeign(error);
      return [
        // They may have to be fetched from a server.
        adviseOnConnection(error.detail) ??
          (/expired/i.test(error.code + error.detail)
            ? "the credentials have expired: renew them (aws sso login, or assume the role again), then check: " +
              "aws sts get-caller-identity"
            : "set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is attached, then check: " +
              "aws sts get-caller-identity"),
      ];
    case "unreachable":
      return [
        adviseOnConnection(error.detail) ??
          (isOfRole
            ? "check the region, whether AWS STS is reached from here (network, proxy, VPC endpoint), and " +
              "AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL if one is set"
            : "check the region, the network and its proxy, and AWS_ENDPOINT_URL if it is set"),
      ];
    case "throttled":
      return ["AWS takes no more calls of this account at the moment: try again in a minute"];
    case "rejected":
      return error.code === "ClusterNotFoundException"
        ? [`check cluster and region of the config; the clusters there are: ${awsCli({ region })} ecs list-clusters`]
        : [];
    case "lost":
      return error.code === "AnswerLost"
        ? ["check the network, its proxy, and AWS_ENDPOINT_URL if it is set; then see what runs before ordering again"]
        : [];
    case "server":
      return [];
  }
}

/** Something else than AWS has answered. */
function adviseOnForeign({ operation, detail }: AwsFailure): string[] {
  if (detail.startsWith("HTTP 407 ")) {
    return ["give the proxy's login in HTTPS_PROXY (http://USER:PASSWORD@HOST:PORT), or name AWS's hosts in NO_PROXY"];
  }
  const isRead = /^(?:Describe|List|Get|AssumeRole)/.test(operation);
  const orders = isRead ? "" : "; then see what runs before ordering again";
  return [
    `check the network (does it want a login?), HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL if it is set${orders}`,
  ];
}

/** AWS gives a reason, or else says the same of a role that is not there and of one that does not trust the caller. */
function adviseOnRole(detail: string): string[] {
  if (/explicit deny|no identity-based policy/i.test(detail)) return adviseOnDenial(detail);
  return [
    "check that the role is there, that its trust policy names the caller (who that is: aws sts get-caller-identity), " +
    "and that the caller may call sts:AssumeRole on it",
  ];
}

/** AWS: `... is not authorized to perform: ecs:UpdateService on resource: arn:... because ...`; S3 quotes the resource. */
function adviseOnDenial(detail: string): string[] {
  if (/explicit deny/i.test(detail)) {
    return ["a policy denies it explicitly, so no further permission helps: ask who wrote it"];
  }
  const match = /not authorized to perform: ([a-z\d-]+:[A-Za-z\d]+)(?: on resource: (?:"([^"]+)"|(arn:\S+)))?/.exec(
    detail,
  );
  if (match === null) return ["ask for the permission that is missing; docs/iam.md lists what each command needs"];
  const statement = { Effect: "Allow", Action: match[1], Resource: match[2] ?? match[3] ?? "*" };
  return [`the missing IAM statement: ${JSON.stringify(statement)}`];
}
