import type { ServiceEvent, StoppedContainer, StoppedTask } from "../model/service.ts";

export interface Cause {
  readonly kind: CauseKind;
  /** `undefined` when it was the task as a whole. */
  readonly container: string | undefined;
  /** `undefined` when no container ended by itself. */
  readonly exitCode: number | undefined;
  /** AWS's words on one line, without what says nothing; empty when AWS gives none. */
  readonly reason: string;
  /** How many tasks. */
  readonly count: number;
}

export type CauseKind =
  | "outOfMemory"
  | "imagePull"
  | "secret"
  | "exited"
  | "healthCheck"
  | "placement"
  | "resourceInitialization"
  | "other";

/** The stopped tasks of one deployment, grouped by equal cause, most frequent first. */
export function findCauses(tasks: readonly StoppedTask[], deploymentId: string): Cause[] {
  const causes = new Map<string, Cause>();
  // In order of stopping, whatever order AWS answers in: a group keeps the words of its first task from read to read.
  for (const task of tasks.filter(({ startedBy }) => startedBy === deploymentId).toSorted(byStop)) {
    if (wasReplaced(task)) continue;
    const cause = causeOf(task);
    const key = JSON.stringify([cause.kind, cause.container, cause.exitCode, normalizeMessage(cause.reason)]);
    const known = causes.get(key) ?? { ...cause, reason: shorten(cause.reason), count: 0 };
    causes.set(key, { ...known, count: known.count + 1 });
  }
  return [...causes.values()].toSorted((a, b) => b.count - a.count);
}

function byStop(a: StoppedTask, b: StoppedTask): number {
  // A task that is still stopping has no time yet: it comes last.
  const at = ({ stoppedAtMs }: StoppedTask) => stoppedAtMs ?? Number.MAX_SAFE_INTEGER;
  return at(a) - at(b) || compareTexts(a.arn, b.arn);
}

function compareTexts(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

/**
 * Whether ECS stopped a sound task because it was not wanted any more: scaling in and replacing (stoppedReason `Scaling
 * activity initiated by (deployment ecs-svc/N)`), rebalancing. The scheduler's other reasons name what failed.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
function wasReplaced({ stopCode, stoppedReason = "" }: StoppedTask): boolean {
  if (stoppedReason.startsWith("Scaling activity initiated by")) return true;
  return stopCode === "ServiceSchedulerInitiated" && !/fail|unhealthy/i.test(stoppedReason);
}

function causeOf({ stopCode, stoppedReason, containers }: StoppedTask): Omit<Cause, "count"> {
  const failing = pickFailingContainer(containers);
  // A container's reason says more than its task's.
  const reasons = [
    { text: withoutFiller(failing?.reason ?? ""), container: failing?.name },
    { text: withoutFiller(stoppedReason ?? ""), container: undefined },
  ].filter(({ text }) => text !== "");
  for (const { text, container } of reasons) {
    const kind = BY_WORDS.find(([, pattern]) => pattern.test(text))?.[0];
    if (kind === "outOfMemory") return { kind, container: failing?.name, exitCode: failing?.exitCode, reason: text };
    // Where ECS stopped the task, the exit codes show how its containers took the SIGTERM, not why it was sent.
    if (kind !== undefined) return { kind, container, exitCode: undefined, reason: text };
  }
  const reason = reasons[0]?.text ?? "";
  return stopCode === "EssentialContainerExited" && failing?.exitCode !== undefined
    ? { kind: "exited", container: failing.name, exitCode: failing.exitCode, reason }
    : { kind: "other", container: reasons[0]?.container, exitCode: undefined, reason };
}

/**
 * By AWS's own names and sentences. `ResourceInitializationError: unable to pull secrets or registry auth` stands before
 * troubles of either sort: the rest of the sentence decides.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 */
const BY_WORDS: readonly (readonly [CauseKind, RegExp])[] = [
  ["outOfMemory", /^OutOfMemory/],
  ["imagePull", /^CannotPull|(?:retrieve|get) ecr registry auth|pull registry auth from/i],
  ["secret", /unable to retrieve secrets?\b|failed to fetch secret\b|fetching secret data from/i],
  ["resourceInitialization", /^ResourceInitializationError/],
  ["healthCheck", /\bhealth checks?\b|\bunhealthy\b/i],
  ["placement", /capacity is unavailable|InsufficientFreeAddresses|no container instance met|^RESOURCE:/i],
];

/**
 * AWS does not say which containers are essential; when one of those ends, the others are stopped and exit with 143
 * (SIGTERM) or 137 (SIGKILL), or cleanly. So one with a reason of its own leads, then one with a failing exit code.
 */
function pickFailingContainer(containers: readonly StoppedContainer[]): StoppedContainer | undefined {
  return containers.toSorted((a, b) => rank(a) - rank(b) || compareTexts(a.name, b.name))[0];
}

function rank({ reason, exitCode }: StoppedContainer): number {
  if (reason?.startsWith("OutOfMemory")) return 0;
  if (reason) return 1;
  if (exitCode === undefined) return 5;
  if (exitCode === 0) return 4;
  return exitCode === 137 || exitCode === 143 ? 3 : 2;
}

/** What nobody can use. */
const FILLER = [
  /\b(?:service call|pull image manifest|inspect image|ref pull) has been retried \d+ time\(s\): /gi,
  /\bexecution resource retrieval failed: /gi,
  /,? ?\bstatus code: \d+, request id:? [\w-]+/gi,
];

/** AWS's words on one line. */
function withoutFiller(text: string): string {
  return FILLER.reduce((rest, pattern) => rest.replace(pattern, ""), text.replace(/\s+/g, " ")).trim();
}

const LONGEST_REASON = 400;
const SHOWN_OF_START = 200;

/** Of a long text the start, which names the error, and the end, which says what was wrong. */
function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST_REASON) return text;
  const start = characters.slice(0, SHOWN_OF_START).join("");
  return `${start} ... ${characters.slice(SHOWN_OF_START - LONGEST_REASON).join("")}`;
}

/**
 * The service events since a time (milliseconds since the epoch) that speak of failure, oldest first. Of events that
 * differ in ids only, the last one. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export function findFailureEvents(events: readonly ServiceEvent[], sinceMs: number): ServiceEvent[] {
  const last = new Map<string, ServiceEvent>();
  for (const event of events.toSorted((a, b) => a.createdAtMs - b.createdAtMs)) {
    if (event.createdAtMs <= sinceMs || !speaksOfFailure(event)) continue;
    const text = normalizeMessage(event.message);
    last.delete(text);
    last.set(text, event);
  }
  return [...last.values()];
}

function speaksOfFailure({ message }: ServiceEvent): boolean {
  // What is in brackets are names, which may be anything: `(service retry-failed) has reached a steady state.`
  return /\bunable to\b|\bfailed\b|\bunhealthy\b|\bthrottled\b/i.test(message.replace(/\([^()]*\)/g, ""));
}

/**
 * What differs between two of AWS's texts that say the same: ids of tasks and requests, digests, times, addresses, and
 * how often something was tried.
 */
const VARYING: readonly RegExp[] = [
  /\brequest ?id:? [\w-]+/gi,
  /\bhost id:? \S+/gi,
  /\bsha256:[0-9a-f]{6,64}/gi,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  // Tasks, container instances: `arn:...:task/cluster/<32 digits>`, `(task <32 digits>)`.
  /\b[0-9a-f]{32}\b/gi,
  /\bi-[0-9a-f]{8,17}\b/g,
  /\beni-[0-9a-f]{8,17}\b/g,
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\b\d+ time\(s\)/g,
];

/** Gives texts that say the same the same text: for comparing, not for showing. */
export function normalizeMessage(text: string): string {
  return VARYING.reduce((normalized, pattern) => normalized.replace(pattern, "*"), text);
}
