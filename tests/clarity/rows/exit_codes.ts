/** Containers that end. */
import { crashLoop, outOfMemory } from "../../emulator/behaviours.ts";
import { READ_LOG, type Row } from "../row.ts";
import { APP, CRASHES, ENVOY } from "../scene.ts";
import { MIGRATE } from "./containers.ts";

const EXIT_CODES = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html";
const BOTH = [APP, ENVOY];
/** The breaker never sees tasks that run and then crash. */
const ON_FAILURE = { options: "--rollback-events DEPLOYMENT_FAILURE" };

export const EXIT_CODE_ROWS: readonly Row[] = [
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
