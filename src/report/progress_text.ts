import { parseTaskDefinitionArn, shortName } from "../model/arn.ts";
import { continueCommand } from "../model/typed_commands.ts";
import type { Deployment } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import { type Line, warn } from "./log.ts";
import type { Cause, CauseKind } from "../rollout/find_causes.ts";

/** What a deployment and a task set have in common. */
type Counts = Pick<Deployment, "status" | "taskDefinition" | "desiredCount" | "pendingCount" | "runningCount">;

/** ` PRIMARY myservice:3 desired:2 pending:1 running:1`, as in the reference. */
export function renderDeployment({ status, taskDefinition, desiredCount, pendingCount, runningCount }: Counts): string {
  const name = shortName(parseTaskDefinitionArn(taskDefinition));
  return `${status.padStart(8)} ${name} desired:${desiredCount} pending:${pendingCount} running:${runningCount}`;
}

/** `service deployment IN_PROGRESS: BAKE_TIME (5 minutes)` */
export function describeStage({ status, lifecycleStage, bakeTimeInMinutes }: ServiceDeployment): string {
  if (lifecycleStage === undefined) return `service deployment ${status}`;
  const bakes = lifecycleStage === "BAKE_TIME" && bakeTimeInMinutes !== undefined;
  return `service deployment ${status}: ${lifecycleStage}${bakes ? ` (${bakeTimeInMinutes} minutes)` : ""}`;
}

/** The stage, and how to answer a hook that waits. */
export function renderStage(serviceDeployment: ServiceDeployment): Line[] {
  const { arn, awaitingHooks } = serviceDeployment;
  return [
    ["info", describeStage(serviceDeployment)],
    ...awaitingHooks.flatMap((hook) =>
      warn(
        `ECS waits for an answer at lifecycle hook ${hook}; to go on: ${continueCommand(arn, hook, "CONTINUE")}`,
        `or to roll back: ${continueCommand(arn, hook, "ROLLBACK")}`,
      )
    ),
  ];
}

/** A line for each cause, and behind it a line of advice, where there is some that has not been given yet. */
export function renderCauses(causes: readonly Cause[]): string[] {
  const given = new Set<string>();
  return causes.flatMap((cause) => {
    const advice = adviceFor(cause);
    if (advice === undefined || given.has(advice)) return [renderCause(cause)];
    given.add(advice);
    return [renderCause(cause), `advice: ${advice}`];
  });
}

function renderCause({ kind, container, exitCode, count, reason }: Cause): string {
  const what = CAUSES[kind].what(container === undefined ? undefined : `container ${container}`, exitCode);
  const why = reason === "" ? "AWS gives no reason" : reason;
  return `${count} ${count === 1 ? "task" : "tasks"} stopped: ${what === undefined ? why : `${what} (${why})`}`;
}

/** What has happened to `container NAME` or to the task, and what to do about it. */
const CAUSES: Readonly<
  Record<CauseKind, {
    readonly what: (container: string | undefined, exitCode: number | undefined) => string | undefined;
    readonly advice?: string | ((cause: Cause) => string);
  }>
> = {
  outOfMemory: {
    what: (container = "a container", exitCode) =>
      `${container} ran out of memory${exitCode === undefined ? "" : `, exit code ${exitCode}`}`,
    advice: "it used more memory than it may: raise the memory of the container or the task in the task definition",
  },
  imagePull: {
    what: (container = "a container") => `the image of ${container} could not be pulled`,
    advice: ({ reason }) =>
      `check that ${imageIn(reason)} exists (a lifecycle policy may have deleted it), that the task's execution role ` +
      "may pull it, and that the task's subnets have a route to the registry",
  },
  secret: {
    what: (container = "the task") => `a secret of ${container} could not be read`,
    advice: "check that the secret or parameter exists, that the task's execution role may read and decrypt it, and " +
      "that the task's subnets have a route to Secrets Manager or Systems Manager",
  },
  exited: {
    what: (container = "a container", exitCode) => `${container} exited with code ${exitCode}`,
    advice: ({ exitCode }) =>
      `${EXIT_CODES.get(exitCode ?? -1) ?? ""}read the container's log (logConfiguration in the task definition ` +
      "says where it goes)",
  },
  healthCheck: {
    what: (container = "the task") => `${container} failed its health checks`,
    advice: "check that the health check's command, or its path and port, is right and answered in time; one that " +
      "starts slowly needs a longer startPeriod or healthCheckGracePeriodSeconds",
  },
  placement: {
    what: () => "there was no room for the task",
    advice: "add capacity, or lower the task's cpu or memory; the service's events say what is missing",
  },
  resourceInitialization: {
    what: (container = "the task") => `what ${container} needs could not be set up`,
    advice: "check that what the text names (log group, volume, network) exists, that the task's execution role may " +
      "use it, and that the task's subnets have a route to it",
  },
  other: { what: (container) => container },
};

function adviceFor(cause: Cause): string | undefined {
  const { advice } = CAUSES[cause.kind];
  return typeof advice === "function" ? advice(cause) : advice;
}

/** 128 + the number of the signal that ended it. */
const EXIT_CODES: ReadonlyMap<number, string> = new Map([
  [0, "code 0 means that it ended by itself, and an essential container of a service has to keep running; "],
  [137, "code 137 means that it was killed (SIGKILL), often because memory ran out or it did not stop in time; "],
  [139, "code 139 means that it crashed on a wrong memory access (SIGSEGV); "],
  [143, "code 143 means that something told it to stop (SIGTERM); "],
]);

/** `failed to resolve ref IMAGE: ...`, `manifest for IMAGE not found`, `pull access denied for IMAGE, ...` */
const IMAGE =
  /\b(?:resolve ref(?:erence)?|manifest for|access denied for|pull(?: the)? image) ["']?([^\s"',]*[^\s"',:])/;

function imageIn(reason: string): string {
  const image = IMAGE.exec(reason)?.[1];
  return image === undefined ? "the image" : `image ${image}`;
}
