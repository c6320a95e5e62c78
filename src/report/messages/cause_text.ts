import type { Cause, CauseCode } from "../../diagnosis/cause.ts";
import { adviseOnLog } from "./log_text.ts";

/** A cause in a short sentence, without how often it came: `the image of container app could not be pulled`. */
export function describeCause(cause: Cause): string {
  const { what } = CAUSES[cause.code];
  return what(cause.container === undefined ? undefined : `container ${cause.container}`, cause) ?? saidBy(cause);
}

/** What to do about a cause, in one sentence; `undefined` where nothing is known that fits. */
export function adviseOnCause(cause: Cause): string | undefined {
  const { advice } = CAUSES[cause.code];
  return typeof advice === "function" ? advice(cause) : advice;
}

/** A line for each cause, and behind it a line of advice, where there is some that has not been given yet. */
export function renderCauses(causes: readonly Cause[]): string[] {
  const given = new Set<string>();
  return causes.flatMap((cause) => {
    const advice = adviseOnCause(cause);
    if (advice === undefined || given.has(advice)) return [renderCause(cause)];
    given.add(advice);
    return [renderCause(cause), `advice: ${advice}`];
  });
}

/** `6 tasks stopped by now: container app exited with code 1`: of a cause that was named before. */
export function renderGrowth(cause: Cause): string {
  return `${cause.count} tasks stopped by now: ${describeCause(cause)}`;
}

/** `2 tasks stopped: container app exited with code 1 (Essential container in task exited)` */
export function renderCause(cause: Cause): string {
  const { count } = cause;
  const [what, why] = [describeCause(cause), saidBy(cause)];
  return `${count} ${count === 1 ? "task" : "tasks"} stopped: ${what}${what.includes(why) ? "" : ` (${why})`}`;
}

function saidBy({ said }: Cause): string {
  return said === "" ? "AWS gives no reason" : said;
}

interface Words {
  /** `container`: as `container NAME`. */
  readonly what: (container: string | undefined, cause: Cause) => string | undefined;
  readonly advice?: string | ((cause: Cause) => string);
}

const CAUSES: Readonly<Record<CauseCode, Words>> = {
  outOfMemory: {
    what: (container = "a container", { exitCode }) =>
      `${container} ran out of memory${exitCode === undefined ? "" : `, exit code ${exitCode}`}`,
    advice: "it used more memory than it may: raise the memory of the container or the task in the task definition",
  },
  imageNotPulled: {
    what: (container = "a container") => `the image of ${container} could not be pulled`,
    advice: ({ about: { image } }) =>
      `check that ${
        image === undefined ? "the image" : `image ${image}`
      } exists (a lifecycle policy may have deleted ` +
      "it), that the task's execution role may pull it, and that the task's subnets have a route to the registry",
  },
  secretNotRead: {
    what: (container = "the task") => `a secret of ${container} could not be read`,
    advice: "check that the secret or parameter exists, that the task's execution role may read and decrypt it, and " +
      "that the task's subnets have a route to Secrets Manager or Systems Manager",
  },
  exited: {
    what: (container = "a container", { exitCode }) => `${container} exited with code ${exitCode}`,
    advice: ({ exitCode, log }) => `${EXIT_CODES.get(exitCode ?? -1) ?? ""}${adviseOnLog(log)}`,
  },
  unhealthy: {
    what: (container = "the task") => `${container} failed its health checks`,
    advice: "check that the health check's command, or its path and port, is right and answered in time; one that " +
      "starts slowly needs a longer startPeriod or healthCheckGracePeriodSeconds",
  },
  noRoom: {
    what: () => "there was no room for the task",
    advice: "add capacity, or lower the task's cpu or memory; the service's events say what is missing",
  },
  resourceNotReady: {
    what: (container = "the task") => `what ${container} needs could not be set up`,
    advice: "check that what the text names (log group, volume, network) exists, that the task's execution role may " +
      "use it, and that the task's subnets have a route to it",
  },
  unknown: { what: (container, cause) => container && `${container}: ${saidBy(cause)}` },
};

/** 128 + the number of the signal that ended it. */
const EXIT_CODES: ReadonlyMap<number, string> = new Map([
  [0, "code 0 means that it ended by itself, and an essential container of a service has to keep running; "],
  [137, "code 137 means that it was killed (SIGKILL), often because memory ran out or it did not stop in time; "],
  [139, "code 139 means that it crashed on a wrong memory access (SIGSEGV); "],
  [143, "code 143 means that something told it to stop (SIGTERM); "],
]);
