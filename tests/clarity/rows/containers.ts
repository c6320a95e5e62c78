/** Containers that do not start, or end. */
import { crashLoop, failsToStart, outOfMemory } from "../../emulator/behaviours.ts";
import { READ_LOG, ROLL_BACK, type Row } from "../row.ts";
import { APP, CRASHES, ENVOY, ON_EC2 } from "../scene.ts";

const EXIT_CODES = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html";
const RUNC = "CannotStartContainerError: Error response from daemon: failed to create task for container: failed to " +
  "create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";
const DEPENDENCIES = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html";
const BOTH = [APP, ENVOY];
/** Prepares the database, then ends. */
const MIGRATE = { name: "migrate", image: "example.com/migrate:2.0.0", essential: false };
const MIGRATED = [{ ...APP, dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }] }, MIGRATE];
const DATABASE = {
  name: "db",
  image: "postgres:16",
  essential: true,
  healthCheck: { command: ["CMD", "pg_isready"], interval: 10, retries: 3, startPeriod: 0, timeout: 5 },
};
const WITH_DATABASE = [{ ...APP, dependsOn: [{ containerName: "db", condition: "HEALTHY" }] }, DATABASE];
/** The breaker never sees tasks that run and then crash. */
const ON_FAILURE = { options: "--rollback-events DEPLOYMENT_FAILURE" };

export const CONTAINER_ROWS: readonly Row[] = [
  {
    name: "start: the command is not in the image",
    source: "runc's words, in public reports",
    scene: {
      ...ON_EC2,
      fails: failsToStart("Task failed to start", {}, [{
        exitCode: 127,
        reason: `${RUNC}exec: "uvicorn": executable file not found in $PATH: unknown`,
      }]),
    },
    expects: {
      code: "commandNotFound",
      container: "app",
      cause: [/uvicorn/],
      advice: [/entryPoint|command/],
      never: [/memory/i, /execution role/],
      next: ROLL_BACK,
    },
  },
  {
    name: "start: the command may not be executed",
    source: "runc's words, in public reports",
    scene: {
      ...ON_EC2,
      fails: failsToStart("Task failed to start", {}, [{
        exitCode: 126,
        reason: `${RUNC}exec: "/entrypoint.sh": permission denied: unknown`,
      }]),
    },
    expects: {
      code: "commandNotExecutable",
      container: "app",
      cause: [/\/entrypoint\.sh/],
      advice: [/chmod|mode|executable/],
      never: [/execution role/],
      next: ROLL_BACK,
    },
  },
  {
    name: "start: exec format error",
    source: "runc's words, in public reports",
    scene: {
      ...ON_EC2,
      fails: failsToStart("Task failed to start", {}, [{
        reason: `${RUNC}exec /app/server: exec format error: unknown`,
      }]),
    },
    expects: {
      code: "imagePlatform",
      container: "app",
      cause: [/architecture|platform|exec format/],
      advice: [/build/, /runtimePlatform|cpuArchitecture/],
      never: [/execution role/],
      next: ROLL_BACK,
    },
  },
  {
    name: "start: the host's port is taken",
    source: "Docker's words, in public reports",
    scene: {
      ...ON_EC2,
      fails: failsToStart("Task failed to start", {}, [{
        reason:
          "CannotStartContainerError: Error response from daemon: failed to set up container networking: driver " +
          "failed programming external connectivity on endpoint ecs-myservice-3-app: failed to bind host port for " +
          "0.0.0.0:8080:172.17.0.3:8080/tcp: address already in use",
      }]),
    },
    expects: {
      code: "hostPortTaken",
      container: "app",
      cause: [/port/, /8080/],
      advice: [/hostPort|host port/i],
      never: [/entryPoint/, /security group/i],
      next: ROLL_BACK,
    },
  },
  {
    name: "dependency: what has to succeed first fails (Fargate)",
    source: `${DEPENDENCIES}; public reports of tasks of a bootstrap container`,
    scene: {
      containers: MIGRATED,
      fails: failsToStart("Task failed to start", {}, [{ name: "migrate", exitCode: 1 }]),
    },
    expects: {
      code: "dependencyFailed",
      container: "migrate",
      cause: [/container migrate/, /\b1\b/],
      never: [/container app (?:exited|failed)/, /AWS gives no reason/],
      next: ROLL_BACK,
    },
  },
  {
    name: "dependency: what has to succeed first fails (EC2)",
    source: "github.com/aws/amazon-ecs-agent, pull request 3218",
    scene: {
      ...ON_EC2,
      containers: MIGRATED,
      fails: failsToStart("Task failed to start", {}, [
        { name: "migrate", exitCode: 1 },
        {
          name: "app",
          exitCode: 143,
          reason: "CannotStartContainerError: dependency graph: failed to resolve container ordering dependency " +
            "[migrate(example.com/migrate:2.0.0) (STOPPED->RUNNING) - Exit: 1] for target [app (NONE->RUNNING)] as " +
            "dependency did not exit successfully.",
        },
      ]),
    },
    expects: {
      code: "dependencyFailed",
      container: "migrate",
      cause: [/container migrate/, /\b1\b/],
      never: [/143/, /entryPoint/],
      next: ROLL_BACK,
    },
  },
  {
    name: "dependency: what has to be healthy first never is",
    source: `${DEPENDENCIES}; github.com/aws/containers-roadmap, issue 2379`,
    scene: {
      containers: WITH_DATABASE,
      fails: failsToStart("Task failed to start", {}, [{ name: "db", exitCode: 137, healthStatus: "UNHEALTHY" }]),
    },
    expects: {
      code: ["dependencyFailed", "containerUnhealthy"],
      container: "db",
      cause: [/container db/, /health/],
      never: [/memory/i, /container app failed/, /AWS gives no reason/],
      next: ROLL_BACK,
    },
  },
  {
    name: "end: exit code 1, again and again",
    source: EXIT_CODES,
    scene: { ...ON_FAILURE, fails: CRASHES },
    expects: {
      code: "exited",
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /\b1\b/],
      never: [/memory/i],
    },
  },
  {
    name: "end: exit code 0 of the app, then ECS kills envoy",
    source: `${EXIT_CODES}; task-lifecycle-explanation.html`,
    scene: { ...ON_FAILURE, containers: BOTH, fails: crashLoop({ exitCode: 0 }) },
    expects: {
      code: "exitedCleanly",
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /\b0\b|by itself/],
      advice: [/essential|keep running|not end/],
      never: [/container envoy/, /memory/i, /137/],
    },
  },
  {
    name: "end: exit code 1 of the app, then ECS stops envoy",
    source: `${EXIT_CODES}; task-lifecycle-explanation.html`,
    scene: { ...ON_FAILURE, containers: [ENVOY, APP], fails: crashLoop({ name: "app", exitCode: 1, stopMs: 2_000 }) },
    expects: {
      code: "exited",
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /\b1\b/],
      never: [/container envoy/, /143/],
    },
  },
  {
    name: "end: envoy exits first, then ECS stops the app",
    source: `${EXIT_CODES}; task-lifecycle-explanation.html`,
    scene: { ...ON_FAILURE, containers: BOTH, fails: crashLoop({ name: "envoy", exitCode: 1, stopMs: 2_000 }) },
    expects: {
      code: "exited",
      container: "envoy",
      next: READ_LOG,
      cause: [/container envoy/, /\b1\b/],
      never: [/container app/, /143/],
    },
  },
  {
    name: "end: a container that is not essential ended well before",
    source: EXIT_CODES,
    scene: {
      ...ON_FAILURE,
      containers: [{ ...APP, dependsOn: [{ containerName: "migrate", condition: "COMPLETE" }] }, MIGRATE],
      fails: {
        ...CRASHES,
        stops: { ...CRASHES.stops!, containers: [{ name: "migrate", exitCode: 0 }, { name: "app", exitCode: 3 }] },
      },
    },
    expects: {
      code: "exited",
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /\b3\b/],
      never: [/container migrate/],
    },
  },
  {
    name: "end: out of memory",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/out-of-memory.html",
    scene: { ...ON_FAILURE, fails: outOfMemory() },
    expects: {
      code: "outOfMemory",
      container: "app",
      cause: [/container app/, /memory/],
      advice: [/memory/, /1024/],
      never: [/stopTimeout/],
    },
  },
  {
    name: "end: 137 without a word of memory",
    source: EXIT_CODES,
    scene: { ...ON_FAILURE, fails: crashLoop({ exitCode: 137 }) },
    expects: {
      code: "killed",
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /137|killed/],
      never: [/memory/i],
    },
  },
  {
    name: "end: 139, a wrong memory access",
    source: "128 + the number of the signal: SIGSEGV",
    scene: { ...ON_FAILURE, fails: crashLoop({ exitCode: 139 }) },
    expects: {
      code: "crashed",
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /139|SIGSEGV/],
      never: [/raise the memory/, /ran out of memory/],
    },
  },
  {
    name: "end: 134, aborted",
    source: "128 + the number of the signal: SIGABRT",
    scene: { ...ON_FAILURE, fails: crashLoop({ exitCode: 134 }) },
    expects: {
      code: "crashed",
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /134|SIGABRT/],
      never: [/ran out of memory/, /raise/],
    },
  },
  {
    name: "end: 127, command not found",
    source: "POSIX: the exit status of a shell",
    scene: { ...ON_FAILURE, fails: crashLoop({ exitCode: 127 }) },
    expects: {
      code: ["commandNotFound", "exited"],
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /127|not found/],
      advice: [/command/],
      never: [/memory/i],
    },
  },
  {
    name: "end: 255, the entrypoint failed",
    source: "public reports: `exec format error` stands in the container's log alone",
    scene: { ...ON_FAILURE, fails: crashLoop({ exitCode: 255 }) },
    expects: {
      code: "entrypointFailed",
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /255/],
      advice: [/architecture|runtimePlatform/],
      never: [/memory/i],
    },
  },
  {
    name: "end: 143, and nobody else ended",
    source: EXIT_CODES,
    scene: { ...ON_FAILURE, fails: crashLoop({ exitCode: 143 }) },
    expects: {
      code: "terminated",
      container: "app",
      next: READ_LOG,
      cause: [/container app/, /143|SIGTERM/],
      never: [/memory/i],
    },
  },
];
