import type { LookedUp } from "./looked_up.ts";

/**
 * Where a value that was looked up may be shown. `never`: nowhere. `wherePlain`: where ECS takes a name, a number, an
 * image or an ARN (`freeFrom()`); a value that is used there is public everywhere.
 */
export type Exposure = "never" | "wherePlain" | "always";

/**
 * The rule. In this order:
 *
 * 1. A value that its source marks as secret is never shown: a SecureString of the Parameter Store, and what Terraform's
 *    state calls sensitive.
 * 2. Nor is a value whose name says that it is secret: `DB_PASSWORD`, `/myservice/api_token`, `random_password.db.result`;
 *    nor one whose text shows it: a URL with a password in it, a private key.
 * 3. A value whose name says that it is public is shown: `IMAGE_TAG`, `AWS_REGION`, `GIT_SHA`; and so are account ids,
 *    regions, days, `true` and `false`, whatever their name.
 * 4. States of Terraform and stacks of CloudFormation hold names of resources: these are shown.
 * 5. Everything else (variables, parameters, the ARNs of secrets) is shown where it is plain.
 *
 * Pure.
 */
export function exposureOf(
  { source, name }: Pick<LookedUp, "source" | "name">,
  text: string,
  isMarked: boolean,
): Exposure {
  if (isMarked) return "never";
  // The ARN of a secret is a reference to it, whatever the secret is called.
  if (source === "secret") return "wherePlain";
  const says = source === "state" ? whatAddressSays(name) : whatNameSays(name);
  if (says === "secret" || SECRET_TEXT.test(text)) return "never";
  if (says === "public" || PUBLIC_TEXT.test(text)) return "always";
  return source === "state" || source === "stack" ? "always" : "wherePlain";
}

/** An account, a region, a boolean or a day. */
export const PUBLIC_TEXT = /^(?:\d{12}|true|false|[a-z]{2}(?:-[a-z]+){1,3}-\d|\d{4}-\d\d-\d\d)$/i;

/** A URL with a login, a private key, a token of GitHub or Slack. */
const SECRET_TEXT =
  /^\w[\w+.-]*:\/\/[^\s/?#@:]*:[^\s/?#@]+@|-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:gh[opsu]_|github_pat_|xox[a-z]-)\w/;

const SECRET_WORDS = new Set([
  ...["CREDENTIAL", "CREDENTIALS", "DSN", "JWT", "PASS", "PASSPHRASE", "PASSWD", "PASSWORD", "PASSWORDS"],
  ...["SALT", "SECRET", "SECRETS", "TOKEN", "TOKENS", "WEBHOOK", "APIKEY"],
]);
/** A name that ends with one of these refers to a secret, and is not secret itself. */
const REFERENCES = new Set([
  ...["ARN", "ARNS", "COUNT", "ENABLED", "ENDPOINT", "FILE", "HOST", "ID", "IDS", "NAME", "NAMES", "PARAM"],
  ...["PARAMETER", "PATH", "REGION", "SERVICE", "STAGE", "TTL", "URL", "VERSION"],
]);
const KEYS = /(?:^|_)(?:ACCESS|API|AUTH|ENCRYPTION|LICENSE|MASTER|PRIVATE|SECRET|SIGNING)_KEYS?(?:_OPENSSH|_PEM)?$/;
const PUBLIC_END = new RegExp(
  `(?:^|_)(?:${
    [
      ...["ACCOUNT(?:_ID)?", "ARCH", "BRANCH", "BUILD(?:_ID|_NUMBER)?", "CLUSTER(?:_NAME)?", "COMMIT", "COUNT", "CPU"],
      ...["DIGEST", "ENV", "ENVIRONMENT", "FAMILY", "IMAGE(?:_NAME|_URI)?", "LANG", "LEVEL", "MEMORY", "PORT"],
      ...["REF_NAME", "REGION", "REGISTRY", "RELEASE", "REPO", "REPOSITORY", "REVISION", "RUN_ID", "RUN_NUMBER"],
      ...["SERVICE(?:_NAME)?", "SHA1?", "STAGE", "SUBNETS?(?:_IDS?)?", "TAG", "TZ", "VERSION", "VPC(?:_ID)?"],
    ].join("|")
  })$`,
);

/** What the name of a variable, a parameter or an output says of its value. In a path, the last part counts. */
export function whatNameSays(name: string): "secret" | "public" | undefined {
  const last = name.split(/[/.]/).findLast((part) => part !== "") ?? "";
  const written = last.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2").toUpperCase().replaceAll(/[^A-Z\d]+/g, "_");
  // A number at the end only counts several values.
  const words = written.split("_").filter((word) => /[A-Z]/.test(word));
  const speaksOfSecret = words.some((word) => SECRET_WORDS.has(word)) || KEYS.test(written);
  if (speaksOfSecret) return REFERENCES.has(words.at(-1)!) ? undefined : "secret";
  return PUBLIC_END.test(written) ? "public" : undefined;
}

/** Whether a text that was not looked up is a secret by its names, or by its content, such as `--password=hunter22`. */
export function looksSecret(names: readonly string[], text: string): boolean {
  const assigned = [...text.matchAll(/(?<![\w-])([\w-]+)=(?=\S)/g)].map(([, name]) => name!);
  return SECRET_TEXT.test(text) || [...names, ...assigned].some((name) => whatNameSays(name) === "secret");
}

/** Types of resources with the attributes that are secret, whatever their names say. */
const SECRET_TYPES: readonly (readonly [type: RegExp, attribute: RegExp])[] = [
  [/(?:^|\.)random_password\./, /\.(?:result|bcrypt_hash|value)$/],
  [/(?:^|\.)aws_ssm_parameter\./, /\.value$/],
  [/(?:^|\.)(?:aws_kms_secrets|sops_file|vault_\w+)\./, /\.(?:data|plaintext|raw)(?:\W|$)/],
];

/** Older versions of Terraform do not mark what only the provider's own schema calls sensitive. */
function whatAddressSays(address: string): "secret" | undefined {
  if (SECRET_TYPES.some(([type, attribute]) => attribute.test(address) && type.test(address))) return "secret";
  // An element is as secret as its list's name says, and as its key says.
  const list = address.replaceAll(/\[[^[\]]*\]/g, "");
  const key = address.endsWith("]") ? address.slice(address.lastIndexOf("[")) : "";
  return [list, key].some((name) => whatNameSays(name) === "secret") ? "secret" : undefined;
}

// The members of task and service definitions that ECS reads as a name, a number, an image, an ARN or one of a few
// words: everybody who may describe the service would see a secret there. Anything else, a member that this list does
// not know included, may hold any text.
export const PLAIN_MEMBERS = new Set([
  // Task definitions.
  ...["family", "taskRoleArn", "executionRoleArn", "networkMode", "pidMode", "ipcMode", "requiresCompatibilities"],
  ...["cpu", "memory", "memoryReservation", "cpuArchitecture", "operatingSystemFamily", "sizeInGiB", "name", "image"],
  ...["containerPort", "hostPort", "containerPortRange", "protocol", "appProtocol", "essential", "user"],
  ...["workingDirectory", "valueFrom", "credentialsParameter", "logDriver", "condition", "containerName"],
  ...["sourceContainer", "sourceVolume", "containerPath", "sourcePath", "readOnly", "fileSystemId", "rootDirectory"],
  ...["accessPointId", "transitEncryption", "transitEncryptionPort", "iam", "interval", "timeout", "retries"],
  ...["startPeriod", "startTimeout", "stopTimeout", "hostname", "type", "softLimit", "hardLimit"],
  // Service definitions.
  ...["serviceName", "cluster", "taskDefinition", "desiredCount", "launchType", "platformVersion", "role", "roleArn"],
  ...["schedulingStrategy", "propagateTags", "capacityProvider", "base", "weight", "subnets", "securityGroups"],
  ...["assignPublicIp", "targetGroupArn", "loadBalancerName", "registryArn", "port", "alarmNames", "namespace"],
  ...["portName", "discoveryName", "dnsName", "ingressPortOverride", "healthCheckGracePeriodSeconds"],
  ...["maximumPercent", "minimumHealthyPercent", "strategy", "bakeTimeInMinutes", "availabilityZoneRebalancing"],
  ...["alternateTargetGroupArn", "productionListenerRule", "testListenerRule", "hookTargetArn", "lifecycleStages"],
  ...["awsPcaAuthorityArn", "kmsKey", "kmsKeyId", "snapshotId", "volumeType", "iops", "throughput", "filesystemType"],
  ...["expression", "field", "links", "dnsServers", "dnsSearchDomains", "add", "drop"],
]);

/** In these lists, the member `value` is an ARN or a number. */
export const PLAIN_VALUES = new Set(["environmentFiles", "resourceRequirements"]);

/** Everything below these is the user's own, names included. */
export const FREE_MEMBERS = new Set([
  ...["command", "entryPoint", "environment", "options", "dockerLabels", "labels", "driverOpts", "tags", "properties"],
  ...["systemControls", "extraHosts", "dockerSecurityOptions", "hookDetails"],
]);
/** What names the elements of lists below them. */
const NAMES_OF_ELEMENTS = new Set(["key", "name", "namespace"]);

/** The log driver's options that say where logs go in CloudWatch. Others may hold a token, such as Splunk's. */
const PLAIN_OPTIONS = /^(?:awslogs-|mode$|max-buffer-size$)/;

/**
 * Where the user's own texts begin on the way to a value: the index after the member's name in `path`; `undefined`
 * if the value is plain.
 */
export function freeFrom(path: readonly (string | number)[]): number | undefined {
  const free = path.findIndex((key) => typeof key === "string" && FREE_MEMBERS.has(key));
  if (free === -1) {
    const [member, owner] = path.filter((key) => typeof key === "string").reverse();
    const isPlain = PLAIN_MEMBERS.has(member ?? "") || (member === "value" && PLAIN_VALUES.has(owner ?? ""));
    return isPlain ? undefined : path.length;
  }
  const [element, member] = path.slice(free + 1);
  if (path[free] === "options" && typeof element === "string" && PLAIN_OPTIONS.test(element)) return undefined;
  const isName = typeof element === "number" && typeof member === "string" && NAMES_OF_ELEMENTS.has(member);
  return isName && path.length === free + 3 ? undefined : free + 1;
}
