import type { Cause, CauseCode } from "../../../diagnosis/cause.ts";
import { parseImageName } from "../../../model/images.ts";

export interface CauseWords {
  /** What happened, as a short clause that begins in lower case. */
  readonly what: (cause: Cause) => string;
  /** What to do, in one sentence; left out, or `undefined`, if there is no advice. */
  readonly advice?: (cause: Cause) => string | undefined;
  /** Whether `advice` has to be followed before anything else is started. */
  readonly comesFirst?: (cause: Cause) => boolean;
  /** Whether `what` says all that ECS's own words say; left out: it does not. */
  readonly saysAll?: (cause: Cause) => boolean;
  /** Set if `what` quotes ECS's own words whole. */
  readonly quotes?: true;
}

/** The words for some of the codes; each object `satisfies` this type. */
export type SomeWords = Readonly<Partial<Record<CauseCode, CauseWords>>>;

/** `container app`, or `a container` if ECS names none. */
export function containerOf({ container }: Cause): string {
  return container === undefined ? "a container" : `container ${container}`;
}

/** ` (container app)`; empty if ECS names none. */
export function inContainer({ container }: Cause): string {
  return container === undefined ? "" : ` (container ${container})`;
}

/**
 * `image tag 1.9 of repository web`: `web:1.9` would look like a revision of a task definition. An image in Amazon ECR
 * is named without the registry's address.
 */
export function imageOf({ about: { image } }: Cause): string {
  if (image === undefined) return "the image";
  const short = image.replace(ECR_HOST, "");
  const { repository, tag, digest } = parseImageName(short);
  // ECS's message may name the repository only.
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

/** `role ecsTaskExecutionRole`, or `the execution role` if ECS names none. */
export function roleOf({ about: { role } }: Cause, unknown = "the execution role"): string {
  return role === undefined ? unknown : `role ${role.replace(/^arn:[^/]*role\//, "")}`;
}

/** `secret db`, `parameter /db/password`: an ARN without the account, the region and a secret's random suffix. */
export function secretOf({ about: { secret } }: Cause, unknown = "a secret"): string {
  if (secret === undefined) return unknown;
  const parameter = /^arn:[^:]*:ssm:[^:]*:\d+:parameter(\/.+)$/.exec(secret)?.[1];
  if (parameter !== undefined) return `parameter ${parameter}`;
  const name = /^arn:[^:]*:secretsmanager:[^:]*:\d+:secret:([^:]+)/.exec(secret)?.[1];
  if (name !== undefined) return `secret ${withoutSuffix(name)}`;
  return `${secret.startsWith("/") ? "parameter" : "secret or parameter"} ${secret}`;
}

/**
 * "The ARN includes the name of the secret followed by six random characters" (API reference, CreateSecret): no
 * secret is found by a name with them. An ARN may be given without them, so an ending that looks like a word is kept.
 */
function withoutSuffix(name: string): string {
  const suffix = /-([A-Za-z0-9]{6})$/.exec(name)?.[1];
  const isWord = suffix === undefined || /^(?:[A-Z]?[a-z]*|[A-Z]*)\d*$/.test(suffix);
  return isWord ? name : name.slice(0, -"-AbCdEf".length);
}

/** How tasks get a way to an AWS service, or to another server if there are no VPC endpoints for it. */
export function giveWayOut(to: string, endpoints?: string): string {
  const orEndpoints = endpoints === undefined ? "" : `, or VPC endpoints (${endpoints})`;
  return `give the tasks a way to ${to}: a NAT gateway, assignPublicIp ENABLED in public subnets${orEndpoints}; and outbound ` +
    "port 443 in their security group";
}

/** `ecr:BatchGetImage`, or `needed` if ECS names no action. */
export function actionOf({ about: { action } }: Cause, needed: string): string {
  return action ?? needed;
}
