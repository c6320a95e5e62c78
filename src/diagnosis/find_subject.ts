import { type Cause, causeCodes, type CauseSubject } from "./cause.ts";
import type { StoppedTask } from "../model/service.ts";
import { withoutFiller } from "./clean_text.ts";
import { withoutUndefined } from "../model/json.ts";
import type { DefinitionFacts } from "./definition_facts.ts";

/** How ECS's texts name things: the first group that matches is the name. */
const NAMED: Readonly<Record<keyof Texts | "port", RegExp>> = {
  // `failed to resolve ref IMAGE: ...`, `manifest for IMAGE not found`, `pull access denied for IMAGE, ...`
  image:
    /\b(?:resolve ref(?:erence)?|(?<!matching )manifest for|access denied for|pull(?: the)? image|parse reference) ["'`]?([^\s"'`,]*[^\s"'`,:])/,
  platform: /\b((?:linux|windows)\/\w+(?:\/v\d)?)\b/,
  host: /\blookup ([\w.-]+) on\b|\blookup ([\w.-]+): no such host/,
  // `cannot pull registry auth from Amazon ECR`, `unable to retrieve ecr registry auth`, `Get "https://HOST/v2/"`
  registry: /\bAmazon (ECR)\b|\b(ecr) registry auth\b|https:\/\/(?:api\.)?(ecr)\.|https:\/\/([\w.-]+)(?::\d+)?\/v2\//,
  secret: new RegExp(
    [
      "\\b(arn:[\\w-]+:(?:secretsmanager:[\\w-]+:\\d+:secret:[\\w/+=.@-]+|ssm:[\\w-]+:\\d+:parameter/[\\w/.-]+))",
      "\\binvalid (?:ssm )?parameters: ([\\w/.:-]+)",
      "\\bfrom the service for ([\\w/+=.@-]+)",
    ].join("|"),
  ),
  key: /\bdid not contain json key ["'`]?([^\s"'`,]+?)[.,]?(?:$|[\s"'`,])/,
  role: /\b[Rr]ole ['"`]?(arn:[\w-]+:iam::\d+:role\/[\w+=,.@/-]+)|\bassumed-role\/([\w+=,.@-]+)\//,
  action: /\bperform: ([a-z\d-]+:[A-Za-z\d]+)/,
  file: /\bexec: "([^"]+)"|\bkey (\S+) from bucket|\bs3:::([^\s"',]+)|\bcustom device "([^"]+)"/,
  logGroup: /\blog group:? ["'`]?(\/?[\w.#-]+(?:\/[\w.#-]+)+)/i,
  fileSystem: /\b(fs-[0-9a-f]{8,17})\b/,
  subnet: /\b(subnet-[0-9a-f]{8,17})\b/,
  targetGroup:
    /\(target-group ([^\s()]+)\)|\(elb ([^\s()]+)\)|\b(arn:[\w-]+:elasticloadbalancing:\S+:targetgroup\/[\w/-]+)/,
  missing:
    /\bRESOURCE:(\w+)|\binsufficient ((?:CPU|GPU|memory)(?: units)?)|\blimit on the number of (\w+)|\brequested (\w+) configuration/i,
  capacityProvider: /\bcapacity provider ([\w-]+)/i,
  stage: /\b([A-Z]{3,}(?:_[A-Z]+)+) lifecycle hook/,
  hook: /\b(arn:[\w-]+:lambda:[\w:-]+)/,
  // `(port 8080) is unhealthy`; Docker: `Bind for 0.0.0.0:8080 failed`, `bind host port for ...`, `listen tcp4 ...: bind`
  port: /\(port (\d{1,5})\)|\b(?:bind for|bind host port for|listen tcp[46]?) [\d.:[\]]*?:(\d{1,5})(?![\d.])/i,
};

type Texts = Omit<
  { readonly [Name in keyof CauseSubject as CauseSubject[Name] extends string | undefined ? Name : never]: string },
  "answer" | "memoryOf" | "region"
>;

/** The things that a text of ECS's names. */
export function findSubject(text: string): CauseSubject {
  const named = Object.entries(NAMED).flatMap(([name, pattern]) => {
    const found = pattern.exec(text)?.slice(1).find((group) => group !== undefined);
    // An image's name begins with its registry.
    if (name === "registry" && NAMED.image.test(text)) return [];
    return found === undefined ? [] : [[name, name === "port" ? Number(found) : found] as const];
  });
  const answer = answerIn(text);
  return { ...Object.fromEntries(named), ...(answer !== undefined && { answer }) };
}

/** `Health checks failed with these codes: [404]`, `Request timed out`: what the load balancer got from the target. */
function answerIn(text: string): string | undefined {
  const codes = /\bwith these codes: \[([\d, -]+)\]/.exec(text)?.[1];
  return codes ?? (/\(reason [^()]*timed out\b/i.test(text) ? "timeout" : undefined);
}

/** The cause that a stopped task shows by itself. */
export type TaskFinding = Pick<Cause, "code" | "container" | "exitCode" | "said">;

/** What the end of a task is about: the things that its texts name, else those of the container and the definitions. */
export function describeSubject(finding: TaskFinding, task: StoppedTask, definition: DefinitionFacts): CauseSubject {
  const { code } = finding;
  const named = findSubject([finding.said, withoutFiller(task.stoppedReason ?? "")].join(" "));
  const container = task.containers.find(({ name }) => name === finding.container);
  return withoutUndefined({
    image: container?.image,
    role: BY_EXECUTION_ROLE.has(code) ? definition.executionRole : undefined,
    secret: code.startsWith("secret") ? findSecret(named.key, finding.container, definition) : undefined,
    fileSystem: code.startsWith("efs") ? onlyOne(definition.fileSystems) : undefined,
    ...aboutContainer(finding, definition),
    ...(code === "outOfMemory" && memoryOf(finding, task, definition)),
    ...named,
  }) as CauseSubject;
}

/**
 * The secret that the task wants this key of, or its only secret: `ARN:JSON_KEY:STAGE:VERSION`, where the last two may
 * be empty. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
function findSecret(key: string | undefined, container: string | undefined, { containers }: DefinitionFacts) {
  const wanted = containers.filter(({ name }) => container === undefined || name === container)
    .flatMap(({ secrets }) => secrets.map((valueFrom) => valueFrom.split(":")));
  const withKey = wanted.filter((parts) => key === undefined || parts[JSON_KEY_PART] === key);
  return onlyOne(withKey.map((parts) => parts.slice(0, JSON_KEY_PART).join(":")));
}

/** After the seven parts of a secret's ARN. */
const JSON_KEY_PART = 7;

/** Refusals of what ECS does with the task's execution role. */
const BY_EXECUTION_ROLE = causeCodes("imageDenied", "secretDenied", "keyDenied", "envFileDenied", "logDenied");

function aboutContainer({ code, container }: TaskFinding, { containers }: DefinitionFacts) {
  const facts = containers.find(({ name }) => name === container)?.about;
  const dependents = containers.filter(({ dependsOn }) => dependsOn.includes(container ?? "")).map(({ name }) => name);
  const groups = containers.flatMap(({ about }) => about.logGroup ?? []);
  const hasCheck = code === "containerUnhealthy" || code === "dependencyFailed";
  return {
    logGroup: code.startsWith("log") ? facts?.logGroup ?? onlyOne(groups) : undefined,
    healthCheckSeconds: hasCheck ? facts?.healthCheckSeconds : undefined,
    dependents: code === "dependencyFailed" && dependents.length > 0 ? dependents : undefined,
  };
}

/** The limit that the container ran into: its own, or that of the whole task. */
function memoryOf(
  { container }: TaskFinding,
  task: StoppedTask,
  { containers, memoryMiB }: DefinitionFacts,
): CauseSubject {
  const own = task.containers.find(({ name }) => name === container)?.memoryMiB ??
    containers.find(({ name }) => name === container)?.about.memoryMiB;
  if (own !== undefined) return { memoryMiB: own, memoryOf: "container" };
  const ofTask = task.memoryMiB ?? memoryMiB;
  return ofTask === undefined ? {} : { memoryMiB: ofTask, memoryOf: "task" };
}

function onlyOne(values: readonly string[]): string | undefined {
  const [first, ...others] = new Set(values);
  return others.length === 0 ? first : undefined;
}
