import assert from "node:assert/strict";
import type { Cause } from "../../../src/rollout/find_causes.ts";
import { renderCauses } from "../../../src/report/progress_text.ts";

function cause(changes: Partial<Cause> = {}): Cause {
  return {
    kind: "exited",
    container: "app",
    exitCode: 1,
    reason: "Essential container in task exited",
    count: 3,
    ...changes,
  };
}

const CASES: [about: string, Partial<Cause>, line: string, advice?: RegExp][] = [
  [
    "an exit",
    {},
    "3 tasks stopped: container app exited with code 1 (Essential container in task exited)",
    /the container's log/,
  ],
  [
    "lack of memory",
    { kind: "outOfMemory", exitCode: 137, count: 1, reason: "OutOfMemoryError: Container killed due to memory usage" },
    "1 task stopped: container app ran out of memory, exit code 137 (OutOfMemoryError: Container killed due to memory usage)",
    /raise the memory/,
  ],
  [
    "an image",
    {
      kind: "imagePull",
      exitCode: undefined,
      reason: "CannotPullContainerError: failed to resolve ref app:9: app:9: not found",
    },
    "3 tasks stopped: the image of container app could not be pulled " +
    "(CannotPullContainerError: failed to resolve ref app:9: app:9: not found)",
    /check that image app:9 exists .*lifecycle policy.*execution role.*route/,
  ],
  [
    "a secret",
    { kind: "secret", container: undefined, exitCode: undefined, reason: "ResourceNotFoundException" },
    "3 tasks stopped: a secret of the task could not be read (ResourceNotFoundException)",
    /secret or parameter exists.*execution role may read/,
  ],
  [
    "health checks",
    { kind: "healthCheck", container: undefined, exitCode: undefined, reason: "Task failed container health checks" },
    "3 tasks stopped: the task failed its health checks (Task failed container health checks)",
    /health check/,
  ],
  [
    "placement",
    { kind: "placement", container: undefined, exitCode: undefined, reason: "RESOURCE:MEMORY" },
    "3 tasks stopped: there was no room for the task (RESOURCE:MEMORY)",
    /capacity/,
  ],
  [
    "resources",
    {
      kind: "resourceInitialization",
      container: undefined,
      exitCode: undefined,
      reason: "ResourceInitializationError: x",
    },
    "3 tasks stopped: what the task needs could not be set up (ResourceInitializationError: x)",
    /log group/,
  ],
  [
    "what it does not know",
    { kind: "other", container: undefined, exitCode: undefined, reason: "Task stopped by user" },
    "3 tasks stopped: Task stopped by user",
  ],
  [
    "what a container says",
    { kind: "other", exitCode: undefined, reason: "CannotStartContainerError: x" },
    "3 tasks stopped: container app (CannotStartContainerError: x)",
  ],
  [
    "silence",
    { kind: "other", container: undefined, exitCode: undefined, reason: "", count: 1 },
    "1 task stopped: AWS gives no reason",
  ],
];

for (const [about, changes, line, advice] of CASES) {
  Deno.test(`renderCauses() puts ${about} into words`, () => {
    const [first, second, ...more] = renderCauses([cause(changes)]);
    assert.equal(first, line);
    assert.deepEqual(more, []);
    if (advice === undefined) assert.equal(second, undefined);
    else assert.match(second!, new RegExp(`^advice: .*(?:${advice.source})`));
  });
}

Deno.test("renderCauses() explains the exit codes that stand for signals, and 0", () => {
  const cases: [number, RegExp][] = [[0, /ended by itself/], [137, /SIGKILL/], [139, /SIGSEGV/], [143, /SIGTERM/]];
  for (const [exitCode, words] of cases) assert.match(renderCauses([cause({ exitCode })])[1]!, words);
});

Deno.test("renderCauses() gives the same advice once", () => {
  const lines = renderCauses([cause(), cause({ exitCode: 2 }), cause({ exitCode: 137 })]);
  assert.deepEqual(lines.map((line) => line.startsWith("advice: ")), [false, true, false, false, true]);
});

const IMAGES: [reason: string, image: string][] = [
  ['failed to resolve reference "public.ecr.aws/a/b:1": not found', "image public.ecr.aws/a/b:1"],
  ["manifest for app:1 not found: manifest unknown", "image app:1"],
  ["pull access denied for app, repository does not exist", "image app"],
  [
    "failed to resolve ref 123456789012.dkr.ecr.r.amazonaws.com/app@sha256:0ab1: x",
    "image 123456789012.dkr.ecr.r.amazonaws.com/app@sha256:0ab1",
  ],
  ["The task can't pull the image 'app:2' from Amazon ECR", "image app:2"],
  ["dial tcp: i/o timeout", "the image"],
];

for (const [reason, image] of IMAGES) {
  Deno.test(`renderCauses() finds the image in: ${reason}`, () => {
    assert.ok(renderCauses([cause({ kind: "imagePull", reason })])[1]?.includes(`check that ${image} exists`));
  });
}
