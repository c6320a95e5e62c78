import type { Cause, CauseCode } from "../../../diagnosis/cause.ts";
import { parseImageName } from "../../../model/images.ts";

/** The words for one code. */
export interface CauseWords {
  /** What has happened, in a short sentence that begins in lower case. */
  readonly what: (cause: Cause) => string;
  /** What to do, in one sentence; left out, or `undefined`, where nothing is known that fits. */
  readonly advice?: (cause: Cause) => string | undefined;
  /** Whether `advice` comes before anything else is started. */
  readonly comesFirst?: (cause: Cause) => boolean;
  /** Whether `what` says all that ECS's own words do; left out: it does not. */
  readonly saysAll?: (cause: Cause) => boolean;
  /** `what` quotes ECS's own words whole. */
  readonly quotes?: true;
}

/** The words for some of the codes: `satisfies` it. */
export type SomeWords = Readonly<Partial<Record<CauseCode, CauseWords>>>;

/** `container app`; where it is not known which: `a container`. */
export function containerOf({ container }: Cause, unknown = "a container"): string {
  return container === undefined ? unknown : `container ${container}`;
}

/** ` (container app)`, or nothing. */
export function inContainer({ container }: Cause): string {
  return container === undefined ? "" : ` (container ${container})`;
}

/**
 * `image tag 1.9 of repository web`, for `web:1.9` looks like a revision of a task definition; of an image in Amazon ECR
 * without the registry's address.
 */
export function imageOf({ about: { image } }: Cause): string {
  if (image === undefined) return "the image";
  const short = image.replace(ECR_HOST, "");
  const { repository, tag, digest } = parseImageName(short);
  // ECS's words may name the repository alone.
  if (repository === short) return `the image of repository ${repository}`;
  return `image ${digest ?? `tag ${tag}`} of repository ${repository}`;
}

const ECR_HOST = /^\d{12}\.dkr\.ecr\.[\w-]+\.amazonaws\.[\w.]+\//;

export function isInEcr({ about: { image = "", registry = "" } }: Cause): boolean {
  return ECR_HOST.test(image) || (image === "" && /^ecr$|\.dkr\.ecr\./i.test(registry));
}

/** `ECR`, `Docker Hub`, or the registry's own name. */
export function registryOf(cause: Cause): string {
  const { image, registry } = cause.about;
  if (isInEcr(cause)) return "ECR";
  if (image === undefined) return registry === undefined ? "the image registry" : nameRegistry(registry);
  const [host = ""] = image.split("/");
  const isHost = image.includes("/") && (/[.:]/.test(host) || host === "localhost");
  return isHost ? nameRegistry(host) : DOCKER_HUB;
}

const DOCKER_HUB = "Docker Hub";

function nameRegistry(host: string): string {
  return /(?:^|\.)docker\.io$/.test(host) ? DOCKER_HUB : host;
}

/** `role ecsTaskExecutionRole`; where no role is named: `the execution role`. */
export function roleOf({ about: { role } }: Cause, unknown = "the execution role"): string {
  return role === undefined ? unknown : `role ${role.replace(/^arn:[^/]*role\//, "")}`;
}

/** `secret db`, `parameter /db/password`: without what is the same of all of the account's. */
export function secretOf({ about: { secret } }: Cause, unknown = "a secret"): string {
  if (secret === undefined) return unknown;
  const parameter = /^arn:[^:]*:ssm:[^:]*:\d+:parameter(\/.+)$/.exec(secret)?.[1];
  if (parameter !== undefined) return `parameter ${parameter}`;
  const name = /^arn:[^:]*:secretsmanager:[^:]*:\d+:secret:([^:]+)/.exec(secret)?.[1];
  if (name !== undefined) return `secret ${withoutSuffix(name)}`;
  return `${secret.startsWith("/") ? "parameter" : "secret or parameter"} ${secret}`;
}

/**
 * "The ARN includes the name of the secret followed by six random characters" (API reference, CreateSecret), and nothing
 * finds a secret by a name with them. An ARN may be given without them: what looks like a word is a part of the name.
 */
function withoutSuffix(name: string): string {
  const suffix = /-([A-Za-z0-9]{6})$/.exec(name)?.[1];
  const isWord = suffix === undefined || /^(?:[A-Z]?[a-z]*|[A-Z]*)\d*$/.test(suffix);
  return isWord ? name : name.slice(0, -"-AbCdEf".length);
}

/** What a task needs to reach a service of AWS, or another server where no VPC endpoint leads to it. */
export function giveWayOut(to: string, endpoints?: string): string {
  const orEndpoints = endpoints === undefined ? "" : `, or VPC endpoints (${endpoints})`;
  return `give the tasks a way to ${to}: a NAT gateway, assignPublicIp ENABLED in public subnets${orEndpoints}; and outbound ` +
    "port 443 in their security group";
}

/** `ecr:BatchGetImage`, or what is needed where no action is named. */
export function actionOf({ about: { action } }: Cause, needed: string): string {
  return action ?? needed;
}
