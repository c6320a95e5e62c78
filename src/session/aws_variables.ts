import type { Keys } from "../aws/connection.ts";
import { ConfigError } from "../errors.ts";
import type { Environment } from "../host.ts";
import { isRegion } from "../model/arn.ts";

/** The AWS SDK reads these itself. If one is not text, it would call another server, or call as somebody else. */
const READ_BY_SDK = [
  ...["HOME", "USERPROFILE", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
  ...["AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "AWS_EXECUTION_ENV", "_X_AMZN_TRACE_ID", "AWS_LOGIN_CACHE_DIRECTORY"],
  ...["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"],
  ...["AWS_SECRET_ACCESS_KEY", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE"],
  ...["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
  ...["AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"],
  ...["AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"],
];

/** They go into headers, which take no other characters. The runtime's error for those would quote the value. */
const IN_HEADERS = ["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"];

/** Each has its own variable, `AWS_ENDPOINT_URL_...`; there is one for all services, too. */
const SERVICES = [
  ...["ECS", "APPLICATION_AUTO_SCALING", "CLOUDWATCH", "CLOUDWATCH_LOGS", "ECR", "IAM"],
  ...["S3", "SSM", "SECRETS_MANAGER", "CLOUDFORMATION", "EC2", "EFS", "ELASTIC_LOAD_BALANCING_V2", "KMS"],
  // The SDK gets credentials from these.
  ...["SIGNIN", "STS", "SSO", "SSO_OIDC"],
];

/**
 * Checks the variables that say where AWS is, and whose credentials to use.
 *
 * @throws MachineError for bytes that are not text
 * @throws ConfigError for what is not an address or a key; it does not quote the value
 */
export function checkAwsVariables(env: Pick<Environment, "get">): void {
  for (const name of READ_BY_SDK) env.get(name);
  for (const name of IN_HEADERS) {
    if (!/^[\x21-\x7E]*$/.test(env.get(name)?.trim() ?? "")) {
      throw new ConfigError({ code: "notInHeader", variable: name });
    }
  }
  for (const name of ["AWS_ENDPOINT_URL", ...SERVICES.map((service) => `AWS_ENDPOINT_URL_${service}`)]) {
    const url = env.get(name);
    if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
      throw new ConfigError({ code: "notAddress", variable: name });
    }
  }
}

const KEY_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/**
 * The keys in the environment. They win over `AWS_PROFILE`, as for the AWS CLI (botocore's
 * `create_credential_resolver`) and the AWS SDK for Go. The SDK for JavaScript would take the profile, which may be for
 * another account. A line break at the end comes from the file that a key was kept in.
 */
export function readKeys(env: Pick<Environment, "get">): Keys | undefined {
  const [accessKeyId, secretAccessKey, sessionToken] = KEY_VARIABLES.map((name) => env.get(name)?.trim());
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/**
 * The region that the environment names; an empty variable counts as not set.
 *
 * @throws ConfigError for what is not a region; it does not quote the value
 */
export function readRegion(env: Pick<Environment, "get">): string | undefined {
  // The AWS CLI reads the second one, too, so its users have set it; the SDK does not read it.
  const name = ["AWS_REGION", "AWS_DEFAULT_REGION"].find((variable) => env.get(variable));
  const region = name && env.get(name);
  if (region && !isRegion(region)) throw new ConfigError({ code: "notRegion", variable: name });
  return region;
}

/**
 * Lets `AWS_DEFAULT_PROFILE` stand in for `AWS_PROFILE` if that is not set: the AWS CLI (botocore's
 * `configprovider`) and the AWS SDK for Go read both, the SDK for JavaScript one. Programs started later see it, too.
 */
export function settleProfile(env: Pick<Environment, "get" | "set">): void {
  const name = env.get("AWS_DEFAULT_PROFILE");
  if (name && !env.get("AWS_PROFILE")) env.set("AWS_PROFILE", name);
}
