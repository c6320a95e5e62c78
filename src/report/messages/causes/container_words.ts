import type { Cause } from "../../../diagnosis/cause.ts";
import { count } from "../log.ts";
import { adviseOnLog as readLog } from "../log_text.ts";
import { containerOf, type SomeWords } from "./cause_words.ts";

const withCode = ({ exitCode }: Cause) => exitCode === undefined ? "" : ` (exit code ${exitCode})`;
const portOf = ({ about: { port } }: Cause, unknown: string) => port === undefined ? unknown : `port ${port}`;

export const CONTAINER_WORDS = {
  commandNotFound: {
    what: (cause) => `${cause.about.file ?? "command"} not found in ${containerOf(cause)}${withCode(cause)}`,
    advice(cause) {
      const check =
        "check entryPoint and command of the container, and that the file is in the image (a script: with LF line endings, not CRLF)";
      // If the container's shell did not find it, ECS does not say what was missing; the container's log does.
      return cause.about.file === undefined && cause.log !== undefined ? `${check}; ${readLog(cause)}` : check;
    },
  },
  commandNotExecutable: {
    what: (cause) =>
      `${containerOf(cause)} is not allowed to run ${cause.about.file ?? "its command"}${withCode(cause)}`,
    advice: () => "make the file executable in the image (chmod +x), or correct entryPoint and command",
  },
  workingDirectory: {
    what: (cause) => `${containerOf(cause)} has no such working directory`,
    advice: () => "correct workingDirectory of the container, or create that folder in the image",
  },
  mountInvalid: {
    what: (cause) => `a volume cannot be mounted into ${containerOf(cause)}`,
    advice: () =>
      "correct mountPoints of the container: a folder cannot be mounted onto a file, and the path is absolute",
  },
  userMissing: {
    what: (cause) => `${containerOf(cause)} runs as a user that the image does not have`,
    advice: () => "correct user of the container, or create that user in the image",
  },
  hostPortTaken: {
    what: (cause) => `${portOf(cause, "a port")} of ${containerOf(cause)} is in use on the instance`,
    advice: () => "leave hostPort out (a dynamic port), use awsvpc, or add instances",
  },
  deviceMissing: {
    what: (cause) => `the instance lacks a device that ${containerOf(cause)} needs`,
    advice: () =>
      "run it on instances that have the device (for a GPU: the GPU-optimized AMI), or remove it from the task definition",
  },
  startTimedOut: {
    what: (cause) => `${containerOf(cause)} was not started in time`,
    advice: () =>
      "its host is overloaded (disk or network): wait, ECS tries again; or use larger instances or faster disks",
  },
  containerNotStarted: { what: (cause) => `${containerOf(cause)} could not be started` },
  dependencyFailed: {
    what(cause) {
      const { dependents = [] } = cause.about;
      const waiting = dependents.length === 0
        ? "others wait for it"
        : `container ${dependents.join(", container ")} waits for it`;
      const how = cause.exitCode === undefined ? "did not become healthy" : `ended with exit code ${cause.exitCode}`;
      return `${containerOf(cause)} ${how}, and ${waiting} (dependsOn)`;
    },
    // The container may be a migration, whatever its exit code.
    advice: (cause) => {
      if (cause.exitCode === undefined) return readLog(cause);
      const check = `check what ${containerOf(cause)} has already changed, before it runs again: it ran in ` +
        count(cause.count, "task");
      if (cause.log?.kind === "nowhere") return `${check}, and its output is lost, since it has no logConfiguration`;
      return `${check}; ${readLog(cause)}`;
    },
    comesFirst: ({ exitCode }) => exitCode !== undefined,
  },
  outOfMemory: {
    what(cause) {
      const { exitCode, about: { memoryMiB, memoryOf } } = cause;
      const facts = [
        ...(memoryMiB === undefined ? [] : [`limit ${memoryMiB} MiB${memoryOf === "task" ? " of the task" : ""}`]),
        ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
      ];
      return `${containerOf(cause)} ran out of memory${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
    },
    advice: ({ about: { memoryOf, memoryMiB } }) =>
      `raise memory of the ${memoryOf ?? "container or the task"} in the task definition` +
      `${memoryMiB === undefined ? "" : ` (now ${memoryMiB})`}, or find what uses so much`,
  },
  killed: {
    what: (cause) => `${containerOf(cause)} was killed${withCode(cause)}`,
    advice: (cause) => `ECS does not say what sent SIGKILL; ${readLog(cause)}`,
  },
  terminated: {
    what: (cause) => `${containerOf(cause)} was stopped by SIGTERM${withCode(cause)}`,
    advice: (cause) => `something in the task sent the signal, not ECS; ${readLog(cause)}`,
  },
  crashed: {
    what: (cause) => `${containerOf(cause)} crashed${withCode(cause)}`,
    advice: (cause) => `native code failed (bad memory access, abort); ${readLog(cause)}`,
  },
  exited: {
    what: (cause) => `${containerOf(cause)} exited with code ${cause.exitCode ?? "unknown"}`,
    advice: readLog,
  },
  exitedCleanly: {
    what: (cause) => `${containerOf(cause)} ended by itself${withCode(cause)}`,
    advice: (cause) =>
      "an essential container must not end: find out why this one does (a wrong command, a job that runs once, a proxy " +
      `that goes into the background); ${readLog(cause)}`,
  },
  entrypointFailed: {
    what: (cause) => `${containerOf(cause)} failed as it started${withCode(cause)}`,
    advice: (cause) => `if its log is empty, the image may be built for another CPU architecture; ${readLog(cause)}`,
  },
  containerUnhealthy: {
    what: (cause) => `${containerOf(cause)} failed its container health check`,
    advice: (cause) => {
      const { healthCheckSeconds } = cause.about;
      const time = healthCheckSeconds === undefined ? "" : ` (ECS gives up after ${healthCheckSeconds} s now)`;
      return `check healthCheck.command of the task definition, and raise startPeriod if the app is slow to start${time}; ` +
        readLog(cause);
    },
    saysAll: ({ container }) => container !== undefined,
  },
  targetUnhealthy: {
    what(cause) {
      const { answer, port } = cause.about;
      const where = cause.container === undefined ? "the task" : containerOf(cause);
      const check = `the load balancer's health check${port === undefined ? "" : ` on port ${port}`}`;
      if (answer === "timeout") return `${where} did not answer ${check} in time`;
      return answer === undefined ? `${where} failed ${check}` : `${where} answered ${check} with ${answer}`;
    },
    advice: adviseOnTarget,
    saysAll: ({ about: { targetGroup, port } }) => targetGroup !== undefined && port !== undefined,
  },
  targetNotRegistered: {
    what: ({ about: { targetGroup } }) => `the task could not be registered in ${nameTargetGroup(targetGroup)}`,
    advice: () => "check that the target group is in the task's VPC, has target type ip (for awsvpc), and is not full",
  },
  unhealthy: {
    what: (cause) => `${cause.container === undefined ? "the task" : containerOf(cause)} failed its health check`,
    advice: readLog,
  },
} satisfies SomeWords;

/** The possible reasons; how to read the log comes last, since it ends with a command. */
function adviseOnTarget(cause: Cause): string {
  const { answer, port, targetGroup } = cause.about;
  const group = nameTargetGroup(targetGroup);
  if (answer !== undefined && answer !== "timeout") {
    const check = answer.startsWith("5")
      ? `find why the app answers ${answer}, or raise healthCheckGracePeriodSeconds if it is only slow to start`
      : `find why this release does not serve the path of the health check (${group}; what is live is checked there, too)`;
    return `${check}; ${readLog(cause)}`;
  }
  const reasons = [
    answer === "timeout"
      ? `the app does not listen on 0.0.0.0${port === undefined ? "" : `:${port}`}`
      : `${portOf(cause, "the container's port")} or the path of the health check in ${group} is wrong`,
    "the task's security group does not let the load balancer in",
    "the app needs longer to start than healthCheckGracePeriodSeconds",
  ];
  return `it is one of these: ${reasons.join(", or ")}; to find out, ${readLog(cause)}`;
}

/** `target group web`: the name from its ARN. */
function nameTargetGroup(targetGroup: string | undefined): string {
  if (targetGroup === undefined) return "the target group";
  return `target group ${/targetgroup\/([^/]+)/.exec(targetGroup)?.[1] ?? targetGroup}`;
}
