import type { Cause, CauseCode } from "../../../diagnosis/cause.ts";

/** The words for one code. */
export interface CauseWords {
  /** What has happened, in a short sentence that begins in lower case. */
  readonly what: (cause: Cause) => string;
  /** What to do, in one sentence; left out, or `undefined`, where nothing is known that fits. */
  readonly advice?: (cause: Cause) => string | undefined;
}

/** The words for some of the codes. */
export type WordsOf<Code extends CauseCode> = Readonly<Record<Code, CauseWords>>;

/** `container app`; where it is not known which: `a container`. */
export function containerOf({ container }: Cause, unknown = "a container"): string {
  return container === undefined ? unknown : `container ${container}`;
}

/** ` (container app)`, or nothing. */
export function inContainer({ container }: Cause): string {
  return container === undefined ? "" : ` (container ${container})`;
}

/** ` image web:1.9`: of an image in Amazon ECR without the registry's address, which says nothing more. */
export function imageOf({ about: { image } }: Cause): string {
  return image === undefined ? "the image" : `image ${image.replace(ECR_HOST, "")}`;
}

const ECR_HOST = /^\d{12}\.dkr\.ecr\.[\w-]+\.amazonaws\.[\w.]+\//;

export function isInEcr({ about: { image = "" } }: Cause): boolean {
  return ECR_HOST.test(image);
}

/** `ECR`, `Docker Hub`, or the registry's own name. */
export function registryOf(cause: Cause): string {
  const { image } = cause.about;
  if (image === undefined) return "its registry";
  if (isInEcr(cause)) return "ECR";
  const [host = ""] = image.split("/");
  const isHost = image.includes("/") && (/[.:]/.test(host) || host === "localhost");
  return !isHost || /(?:^|\.)docker\.io$/.test(host) ? "Docker Hub" : host;
}

/** `role ecsTaskExecutionRole`; where no role is named: `the execution role`. */
export function roleOf({ about: { role } }: Cause, unknown = "the execution role"): string {
  return role === undefined ? unknown : `role ${role.replace(/^arn:[^/]*role\//, "")}`;
}

/** `secret db-AbCdEf`, `parameter /db/password`: without what is the same of all of the account's. */
export function secretOf({ about: { secret } }: Cause, unknown = "a secret"): string {
  if (secret === undefined) return unknown;
  const parameter = /^arn:[^:]*:ssm:[^:]*:\d+:parameter(\/.+)$/.exec(secret)?.[1];
  if (parameter !== undefined) return `parameter ${parameter}`;
  const name = /^arn:[^:]*:secretsmanager:[^:]*:\d+:secret:([^:]+)/.exec(secret)?.[1];
  if (name !== undefined) return `secret ${name}`;
  return `${secret.startsWith("/") ? "parameter" : "secret or parameter"} ${secret}`;
}

/** `ecr:BatchGetImage`, or what is needed where no action is named. */
export function actionOf({ about: { action } }: Cause, needed: string): string {
  return action ?? needed;
}
