import assert from "node:assert/strict";
import { connectEcs } from "../../../src/aws/ecs.ts";
import { AwsError } from "../../../src/errors.ts";
import { REF, revision } from "../made_up.ts";
import { awsFailure, connect, connectionOptions, type ScriptedAnswer, stubNetwork } from "./stub_network.ts";

const NOT_SAID = { runtimeId: undefined, healthStatus: undefined, image: undefined, memoryMiB: undefined };
const NEVER = new AbortController().signal;

/** Two tasks, of one of which little is known. */
const DESCRIBED = {
  taskArn: "task-1",
  startedBy: "ecs-svc/4",
  stopCode: "EssentialContainerExited",
  stoppedReason: "Essential container in task exited",
  startedAt: 1672574340,
  stoppingAt: 1672574395.5,
  executionStoppedAt: 1672574400,
  stoppedAt: 1672574400.5,
  memory: "1024",
  containers: [{
    name: "app",
    exitCode: 1,
    healthStatus: "UNHEALTHY",
    image: "web:1",
    memory: "512",
    runtimeId: "r-1",
  }, {
    name: "log",
    reason: "OutOfMemoryError: killed",
  }],
};

/** The same, as they are read. */
const STOPPED = [
  {
    arn: "task-1",
    startedBy: "ecs-svc/4",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    startedAtMs: 1672574340000,
    stoppingAtMs: 1672574395500,
    executionStoppedAtMs: 1672574400000,
    stoppedAtMs: 1672574400500,
    memoryMiB: 1024,
    containers: [
      {
        name: "app",
        exitCode: 1,
        reason: undefined,
        healthStatus: "UNHEALTHY",
        image: "web:1",
        memoryMiB: 512,
        runtimeId: "r-1",
      },
      { name: "log", exitCode: undefined, reason: "OutOfMemoryError: killed", ...NOT_SAID },
    ],
  },
  {
    arn: "task-2",
    startedBy: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    startedAtMs: undefined,
    stoppingAtMs: undefined,
    executionStoppedAtMs: undefined,
    stoppedAtMs: undefined,
    memoryMiB: undefined,
    containers: [],
  },
];

Deno.test("listStoppedTasks() reads a page with two calls", async () => {
  const { ecs, sent } = connect(
    { body: { taskArns: ["task-1", "task-2"] } },
    {
      body: {
        tasks: [DESCRIBED, { taskArn: "task-2" }],
        failures: [],
      },
    },
  );
  assert.deepEqual(await ecs.listStoppedTasks(REF, NEVER), STOPPED);
  assert.deepEqual(sent, [
    { operation: "ListTasks", input: { cluster: "default", serviceName: "myservice", desiredStatus: "STOPPED" } },
    { operation: "DescribeTasks", input: { cluster: "default", tasks: ["task-1", "task-2"] } },
  ]);
});

Deno.test("listStoppedTasks() masks hidden values where tasks repeat what the user wrote", async () => {
  const network = stubNetwork({ body: { taskArns: ["task-1"] } }, {
    body: {
      tasks: [{
        taskArn: "task-1",
        startedBy: "ecs-svc/4",
        stoppedReason: "unable to start hunter2",
        containers: [{ name: "hunter2", reason: "not found: hunter2", image: "web:hunter2" }],
      }],
    },
  });
  const mask = (text: string) => text.replaceAll("hunter2", "***");
  const [task] = await connectEcs({ ...connectionOptions(network), mask }).listStoppedTasks(REF, NEVER);
  assert.doesNotMatch(JSON.stringify(task), /hunter2/);
  assert.deepEqual([task?.stoppedReason, task?.containers[0]?.reason], ["unable to start ***", "not found: ***"]);
});

Deno.test("listStoppedTasks() reads all pages, for those of an earlier deployment may fill the first ones", async () => {
  const { ecs, sent } = connect(
    { body: { taskArns: ["task-1"], nextToken: "a" } },
    { body: { taskArns: [], nextToken: "b" } },
    { body: { taskArns: ["task-2"] } },
    { body: { tasks: [{ taskArn: "task-1" }] } },
    { body: { tasks: [{ taskArn: "task-2" }] } },
  );
  assert.deepEqual((await ecs.listStoppedTasks(REF, NEVER)).map(({ arn }) => arn), ["task-1", "task-2"]);
  const inputs = sent.map(({ input }) => input as { nextToken?: string; tasks?: string[] });
  assert.deepEqual(inputs.map(({ nextToken, tasks }) => nextToken ?? tasks), [
    undefined,
    "a",
    "b",
    ["task-1"],
    ["task-2"],
  ]);
});

Deno.test("listStoppedTasks() reads ten pages at most", async () => {
  const pages = Array.from({ length: 11 }, (_, index) => ({ body: { taskArns: [], nextToken: `${index}` } }));
  const { ecs, sent } = connect(...pages);
  assert.deepEqual(await ecs.listStoppedTasks(REF, NEVER), []);
  assert.equal(sent.length, 10);
});

Deno.test("listStoppedTasks() describes nothing when nothing has stopped", async () => {
  const { ecs, sent } = connect({ body: { taskArns: [] } });
  assert.deepEqual(await ecs.listStoppedTasks(REF, NEVER), []);
  assert.equal(sent.length, 1);
});

Deno.test("listStoppedTasks() leaves out what ECS has forgotten meanwhile", async () => {
  const { ecs } = connect(
    { body: { taskArns: ["task-1"] } },
    { body: { tasks: [], failures: [{ arn: "task-1", reason: "MISSING" }] } },
  );
  assert.deepEqual(await ecs.listStoppedTasks(REF, NEVER), []);
});

Deno.test("listStoppedTasks() has no stack trace for answers of the wrong shape", async () => {
  const listed = { body: { taskArns: ["task-1"] } };
  const scripts: ScriptedAnswer[][] = [
    [{ body: {} }],
    [listed, { body: {} }],
    [listed, { body: { tasks: [{}] } }],
    [listed, { body: { tasks: [{ taskArn: "task-1", containers: [{}] }] } }],
  ];
  for (const answers of scripts) {
    const { ecs } = connect(...answers);
    await assert.rejects(
      ecs.listStoppedTasks(REF, NEVER),
      (error) => error instanceof AwsError && error.kind === "lost" && error.code === "UnreadableAnswer",
    );
  }
});

Deno.test("listStoppedTasks() passes AWS's refusal on", async () => {
  const { ecs } = connect(awsFailure("AccessDeniedException", "not authorized to perform: ecs:ListTasks"));
  await assert.rejects(
    ecs.listStoppedTasks(REF, NEVER),
    (error) => error instanceof AwsError && error.kind === "denied" && error.operation === "ListTasks",
  );
});

Deno.test("listTaskDefinitionsInUse() reads every page, and ends when pages repeat", async () => {
  const { ecs, sent } = connect(
    { body: { taskArns: ["task-1"], nextToken: "2" } },
    { body: { tasks: [{ taskDefinitionArn: revision(4).arn }] } },
    { body: { taskArns: [], nextToken: "2" } },
    { body: {} },
  );
  assert.deepEqual([...await ecs.listTaskDefinitionsInUse("default", "myservice", NEVER)], [revision(4).arn]);
  assert.deepEqual(sent.map(({ operation }) => operation), ["ListTasks", "DescribeTasks", "ListTasks"]);
  assert.deepEqual(sent[0]?.input, { cluster: "default", family: "myservice", desiredStatus: "RUNNING" });
  assert.deepEqual(sent[1]?.input, { cluster: "default", tasks: ["task-1"] });
});
