/** Containers that do not start, or not for long enough. */
import { failsToStart } from "../../emulator/behaviours.ts";
import { ROLL_BACK, type Row } from "../row.ts";
import { APP, ON_EC2 } from "../scene.ts";

const RUNC = "CannotStartContainerError: Error response from daemon: failed to create task for container: failed to " +
  "create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";
const DEPENDENCIES = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html";
/** Prepares the database, then ends. */
export const MIGRATE = { name: "migrate", image: "example.com/migrate:2.0.0", essential: false };
const MIGRATED = [{ ...APP, dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }] }, MIGRATE];
const DATABASE = {
  name: "db",
  image: "postgres:16",
  essential: true,
  healthCheck: { command: ["CMD", "pg_isready"], interval: 10, retries: 3, startPeriod: 0, timeout: 5 },
};
const WITH_DATABASE = [{ ...APP, dependsOn: [{ containerName: "db", condition: "HEALTHY" }] }, DATABASE];

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
];
