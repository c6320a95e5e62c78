import assert from "node:assert/strict";
import type { Cause } from "../../../../src/diagnosis/cause.ts";
import { renderCauses } from "../../../../src/report/messages/cause_text.ts";

function cause(changes: Partial<Cause> = {}): Cause {
  return {
    code: "exited",
    container: "app",
    exitCode: 1,
    said: "Essential container in task exited",
    count: 3,
    about: {},
    taskArn: undefined,
    atMs: undefined,
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
    { code: "outOfMemory", exitCode: 137, count: 1, said: "OutOfMemoryError: Container killed due to memory usage" },
    "1 task stopped: container app ran out of memory, exit code 137 (OutOfMemoryError: Container killed due to memory usage)",
    /raise the memory/,
  ],
  [
    "an image",
    {
      code: "imageNotPulled",
      exitCode: undefined,
      about: { image: "app:9" },
      said: "CannotPullContainerError: failed to resolve ref app:9: app:9: not found",
    },
    "3 tasks stopped: the image of container app could not be pulled " +
    "(CannotPullContainerError: failed to resolve ref app:9: app:9: not found)",
    /check that image app:9 exists .*lifecycle policy.*execution role.*route/,
  ],
  [
    "a secret",
    { code: "secretNotRead", container: undefined, exitCode: undefined, said: "ResourceNotFoundException" },
    "3 tasks stopped: a secret of the task could not be read (ResourceNotFoundException)",
    /secret or parameter exists.*execution role may read/,
  ],
  [
    "health checks",
    { code: "unhealthy", container: undefined, exitCode: undefined, said: "Task failed container health checks" },
    "3 tasks stopped: the task failed its health checks (Task failed container health checks)",
    /health check/,
  ],
  [
    "noRoom",
    { code: "noRoom", container: undefined, exitCode: undefined, said: "RESOURCE:MEMORY" },
    "3 tasks stopped: there was no room for the task (RESOURCE:MEMORY)",
    /capacity/,
  ],
  [
    "resources",
    {
      code: "resourceNotReady",
      container: undefined,
      exitCode: undefined,
      said: "ResourceInitializationError: x",
    },
    "3 tasks stopped: what the task needs could not be set up (ResourceInitializationError: x)",
    /log group/,
  ],
  [
    "what it does not know",
    { code: "unknown", container: undefined, exitCode: undefined, said: "Task stopped by user" },
    "3 tasks stopped: Task stopped by user",
  ],
  [
    "what a container says",
    { code: "unknown", exitCode: undefined, said: "CannotStartContainerError: x" },
    "3 tasks stopped: container app: CannotStartContainerError: x",
  ],
  [
    "silence",
    { code: "unknown", container: undefined, exitCode: undefined, said: "", count: 1 },
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
