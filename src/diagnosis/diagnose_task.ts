import type { StoppedContainer, StoppedTask } from "../model/service.ts";
import type { Cause, CauseCode, CauseSubject } from "./cause.ts";
import { withoutFiller } from "./clean_text.ts";

/** Why one task stopped. */
export function diagnoseTask(task: StoppedTask): Cause {
  const said = findCode(task);
  const image = said.code === "imageNotPulled" ? imageIn(said.said) : undefined;
  const about: CauseSubject = image === undefined ? {} : { image };
  return { ...said, count: 1, about, taskArn: task.arn, atMs: task.stoppedAtMs };
}

function findCode(
  { stopCode, stoppedReason, containers }: StoppedTask,
): Pick<Cause, "code" | "container" | "exitCode" | "said"> {
  const failing = pickFailingContainer(containers);
  // A container's reason says more than its task's.
  const reasons = [
    { text: withoutFiller(failing?.reason ?? ""), container: failing?.name },
    { text: withoutFiller(stoppedReason ?? ""), container: undefined },
  ].filter(({ text }) => text !== "");
  for (const { text: said, container } of reasons) {
    const code = BY_WORDS.find(([, pattern]) => pattern.test(said))?.[0];
    if (code === "outOfMemory") return { code, container: failing?.name, exitCode: failing?.exitCode, said };
    // Where ECS stopped the task, the exit codes show how its containers took the SIGTERM, not why it was sent.
    if (code !== undefined) return { code, container, exitCode: undefined, said };
  }
  const said = reasons[0]?.text ?? "";
  return stopCode === "EssentialContainerExited" && failing?.exitCode !== undefined
    ? { code: "exited", container: failing.name, exitCode: failing.exitCode, said }
    : { code: "unknown", container: reasons[0]?.container, exitCode: undefined, said };
}

/**
 * By AWS's own names and sentences. `ResourceInitializationError: unable to pull secrets or registry auth` stands before
 * troubles of either sort: the rest of the sentence decides.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 */
const BY_WORDS: readonly (readonly [CauseCode, RegExp])[] = [
  ["outOfMemory", /^OutOfMemory/],
  ["imageNotPulled", /^CannotPull|(?:retrieve|get) ecr registry auth|pull registry auth from/i],
  ["secretNotRead", /unable to retrieve secrets?\b|failed to fetch secret\b|fetching secret data from/i],
  ["resourceNotReady", /^ResourceInitializationError/],
  ["unhealthy", /\bhealth checks?\b|\bunhealthy\b/i],
  ["noRoom", /capacity is unavailable|InsufficientFreeAddresses|no container instance met|^RESOURCE:/i],
];

/**
 * AWS does not say which containers are essential; when one of those ends, the others are stopped and exit with 143
 * (SIGTERM) or 137 (SIGKILL), or cleanly. So one with a reason of its own leads, then one with a failing exit code.
 */
function pickFailingContainer(containers: readonly StoppedContainer[]): StoppedContainer | undefined {
  return containers.toSorted((a, b) => rank(a) - rank(b) || Number(a.name > b.name) - Number(a.name < b.name))[0];
}

function rank({ reason, exitCode }: StoppedContainer): number {
  if (reason?.startsWith("OutOfMemory")) return 0;
  if (reason) return 1;
  if (exitCode === undefined) return 5;
  if (exitCode === 0) return 4;
  return exitCode === 137 || exitCode === 143 ? 3 : 2;
}

/** `failed to resolve ref IMAGE: ...`, `manifest for IMAGE not found`, `pull access denied for IMAGE, ...` */
const IMAGE =
  /\b(?:resolve ref(?:erence)?|manifest for|access denied for|pull(?: the)? image) ["']?([^\s"',]*[^\s"',:])/;

function imageIn(said: string): string | undefined {
  return IMAGE.exec(said)?.[1];
}
