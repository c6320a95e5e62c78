import assert from "node:assert/strict";
import type { Ended } from "../../tests/e2e/cli_process.ts";
import type { Check, Group } from "./check.ts";
import type { Tools } from "./install.ts";
import { ECS, type Moto, SCALING, startMoto, TARGET } from "./moto.ts";
import { runOurs } from "./our_program.ts";
import type { Processes } from "./processes.ts";

const ARN = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/web";

/** What `register` registers, as revision 4. */
const TASK_DEFINITION = {
  family: "web",
  containerDefinitions: [{
    name: "app",
    image: "example/app:{{ env `TAG` `4` }}",
    essential: true,
    memory: 128,
    environment: [{ name: "GREETING", value: "hello" }],
  }],
};
const FILES = {
  "ecspresso.yml": "region: ap-northeast-1\ncluster: default\nservice: web\ntask_definition: ecs-task-def.json\n",
  "ecs-task-def.json": JSON.stringify(TASK_DEFINITION),
};

/** moto's world, and our program to change it with. */
interface Session {
  /** Runs our program, which has to end with `code`. */
  run(args: string, code: number): Promise<Ended>;
  /** The task definition that the service runs, as moto keeps it: the text that it was given. */
  taskDefinition(): Promise<string>;
  /** A revision of `web`. */
  // deno-lint-ignore no-explicit-any
  revision(number: number): Promise<any>;
  /** Makes a revision INACTIVE. */
  deregister(number: number): Promise<void>;
  /** The numbers of the ACTIVE revisions. */
  active(): Promise<number[]>;
  /** What is suspended of the scalable target: null before anything has been said about it. */
  suspended(): Promise<Record<string, boolean> | null>;
}

/** Our program, driven against moto, which knows ECS from elsewhere than our emulator. Its deployments never move. */
export function oursGroup(processes: Processes, tools: Tools): Group {
  let moto: Moto | undefined;
  const check = (name: string, act: (session: Session) => Promise<void>): Check => ({
    name,
    async run() {
      if (!moto) throw new Error("moto has not been started");
      await moto.reset();
      await act(sessionOf(processes, moto));
    },
  });
  return {
    name: "ours",
    checks: [...registerChecks(check), ...listChecks(check), ...rollbackChecks(check)],
    async open() {
      moto = await startMoto(processes, tools);
    },
  };
}

function sessionOf(processes: Processes, moto: Moto): Session {
  const describe = (number: number) =>
    moto.ask<{ taskDefinition: unknown }>(`${ECS}.DescribeTaskDefinition`, { taskDefinition: `web:${number}` });
  return {
    run: (args, code) => runOurs(processes, moto.url, args.split(" "), { files: FILES }, code),
    async taskDefinition() {
      type Answer = { services: { taskDefinition: string }[] };
      const { services } = await moto.ask<Answer>(`${ECS}.DescribeServices`, { services: ["web"] });
      return services[0]?.taskDefinition ?? "no service";
    },
    revision: async (number) => (await describe(number)).taskDefinition,
    async deregister(number) {
      await moto.ask(`${ECS}.DeregisterTaskDefinition`, { taskDefinition: `web:${number}` });
    },
    async active() {
      type Answer = { taskDefinitionArns: string[] };
      const { taskDefinitionArns } = await moto.ask<Answer>(`${ECS}.ListTaskDefinitions`, { familyPrefix: "web" });
      return taskDefinitionArns.map((arn) => Number(arn.split(":").at(-1)));
    },
    async suspended() {
      type Answer = { ScalableTargets: { SuspendedState: Record<string, boolean> | null }[] };
      const { ServiceNamespace, ResourceId } = TARGET;
      const input = { ServiceNamespace, ResourceIds: [ResourceId] };
      const { ScalableTargets } = await moto.ask<Answer>(`${SCALING}.DescribeScalableTargets`, input);
      return ScalableTargets[0]?.SuspendedState ?? null;
    },
  };
}

type MakeCheck = (name: string, act: (session: Session) => Promise<void>) => Check;

const registerChecks = (check: MakeCheck): Check[] => [
  check("register", async ({ run, revision, taskDefinition }) => {
    const { stderr } = await run("register", 0);
    assert.match(stderr, /Starting register\n/);
    assert.match(stderr, /Registering task definition: web\n/);
    assert.ok(stderr.includes(`Task definition is registered: ${ARN}:4\n`), stderr);
    const { status, containerDefinitions: [app] } = await revision(4);
    assert.deepEqual([status, app.image, app.environment], [
      "ACTIVE",
      "example/app:4",
      TASK_DEFINITION.containerDefinitions[0]?.environment,
    ]);
    assert.equal(await taskDefinition(), `${ARN}:3`);
  }),

  check("register --output writes the ARN", async ({ run }) => {
    const folder = await Deno.makeTempDir();
    try {
      await run(`register --output ${folder}/arn.txt`, 0);
      assert.equal((await Deno.readTextFile(`${folder}/arn.txt`)).trimEnd(), `${ARN}:4`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }),

  check("register --assume-role-arn registers in the account of the role", async ({ run, active }) => {
    const { stderr } = await run("--assume-role-arn arn:aws:iam::210987654321:role/ci/deploy register", 0);
    assert.match(
      stderr,
      /Task definition is registered: arn:aws:ecs:ap-northeast-1:210987654321:task-definition\/web:1\n/,
    );
    assert.deepEqual(await active(), [1, 2, 3]);
  }),

  check("register --dry-run registers nothing", async ({ run, active }) => {
    const { stdout } = await run("register --dry-run", 0);
    assert.match(stdout, /example\/app:4/);
    assert.deepEqual(await active(), [1, 2, 3]);
  }),

  check("deregister --revision", async ({ run, active }) => {
    const { stderr } = await run("deregister --revision 1", 0);
    assert.match(stderr, /Starting deregister\n/);
    assert.ok(stderr.includes(`Deregistering task definition: ${ARN}:1\n`), stderr);
    assert.ok(stderr.includes(`Task definition is deregistered: ${ARN}:1\n`), stderr);
    assert.deepEqual(await active(), [2, 3]);
  }),

  check("deregister --dry-run deregisters nothing", async ({ run, active }) => {
    await run("deregister --revision 1 --dry-run", 0);
    assert.deepEqual(await active(), [1, 2, 3]);
  }),

  check("deregister refuses what the service uses", async ({ run, active }) => {
    await run("deregister --revision 3 --force", 4);
    assert.deepEqual(await active(), [1, 2, 3]);
  }),

  check("deregister --keeps keeps so many besides those in use", async ({ run, active }) => {
    await run("deregister --keeps 1 --force", 0);
    assert.deepEqual(await active(), [2, 3]);
  }),

  check("deregister --delete", async ({ run, revision }) => {
    await run("deregister --revision 1 --delete", 0);
    // moto forgets a deleted one at once, where ECS keeps it as DELETE_IN_PROGRESS while something refers to it.
    await assert.rejects(revision(1), /Unable to describe task definition/);
  }),
];

const listChecks = (check: MakeCheck): Check[] => [
  check("revisions, into a pipe", async ({ run }) => {
    const { stdout } = await run("revisions", 0);
    assert.equal(stdout, "1\n2\n3\n");
  }),

  check("revisions --output json", async ({ run }) => {
    const { stdout } = await run("revisions --output json", 0);
    assert.deepEqual(JSON.parse(stdout), [1, 2, 3]);
  }),

  check("revisions --output tsv", async ({ run }) => {
    const { stdout } = await run("revisions --output tsv", 0);
    const rows = stdout.trimEnd().split("\n").map((line) => line.split("\t"));
    for (const number of ["1", "2", "3"]) assert.ok(rows.some(([first]) => first === `web:${number}`), stdout);
  }),

  check("revisions --revision, by number, current and latest", async ({ run }) => {
    for (const [asked, number] of [["2", 2], ["current", 3], ["latest", 3]]) {
      const { stdout } = await run(`revisions --revision ${asked}`, 0);
      const { family, revision, containerDefinitions: [app] } = JSON.parse(stdout);
      assert.deepEqual([family, revision, app.image], ["web", number, `example/app:${number}`]);
    }
  }),

  check("status", async ({ run }) => {
    const { stdout } = await run("status", 0);
    assert.match(stdout, /web:3/);
    assert.match(stdout, /IN_PROGRESS/);
  }),

  check("diff", async ({ run }) => {
    const { stdout } = await run("diff", 0);
    assert.match(stdout, /^-.*example\/app:3/m);
    assert.match(stdout, /^\+.*example\/app:4/m);
    await run("diff --exit-code", 9);
  }),

  check("wait times out, for nothing moves", async ({ run }) => {
    await run("wait --timeout 4s", 7);
  }),
];

/** What comes of moto's updating a service: it takes the task definition, and begins no deployment of it. */
const NO_DEPLOYMENT = /ECS accepted the update and has started no deployment/;

/** A rollback that moto takes: our program says that it starts nothing. */
async function rollBack({ run }: Session, args: string): Promise<void> {
  assert.match((await run(`rollback ${args}`, 5)).stderr, NO_DEPLOYMENT);
}

const rollbackChecks = (check: MakeCheck): Check[] => [
  check("rollback --no-wait", async (session) => {
    await rollBack(session, "--revision 2 --no-wait");
    assert.equal(await session.taskDefinition(), `${ARN}:2`);
    assert.equal(await session.suspended(), null);
  }),

  check("rollback --dry-run", async ({ run, taskDefinition }) => {
    const { stdout } = await run("rollback --revision 2 --dry-run", 0);
    assert.match(stdout, /image example\/app:3 -> example\/app:2/);
    assert.equal(await taskDefinition(), `${ARN}:3`);
  }),

  check("rollback that waits says that no deployment was started", async (session) => {
    await rollBack(session, "--revision 2");
    assert.equal(await session.taskDefinition(), `${ARN}:2`);
  }),

  check(
    "rollback refuses what is not registered, and what is INACTIVE",
    async ({ run, taskDefinition, deregister }) => {
      await run("rollback --revision 9 --no-wait", 4);
      await deregister(1);
      await run("rollback --revision 1 --no-wait", 4);
      assert.equal(await taskDefinition(), `${ARN}:3`);
    },
  ),

  check("rollback --revision previous", async (session) => {
    // moto keeps no record of what was deployed: nothing proves that a lower revision has run.
    await rollBack(session, "--revision previous --allow-unproven --no-wait");
    assert.equal(await session.taskDefinition(), `${ARN}:2`);
  }),

  check("rollback --reregister copies what is INACTIVE", async (session) => {
    await session.deregister(1);
    await rollBack(session, "--revision 1 --reregister --no-wait");
    assert.equal(await session.taskDefinition(), `${ARN}:4`);
    assert.equal((await session.revision(4)).containerDefinitions[0].image, "example/app:1");
  }),

  check(
    "rollback --suspend-auto-scaling leaves it suspended, --resume-auto-scaling resumes it",
    async (session) => {
      await rollBack(session, "--revision 2 --no-wait --suspend-auto-scaling");
      assert.deepEqual(Object.values(await session.suspended() ?? {}), [true, true, true]);
      // To the one that it has by then: nothing is begun, and scaling is given back all the same.
      await session.run("rollback --revision 2 --no-wait --resume-auto-scaling", 0);
      assert.deepEqual(Object.values(await session.suspended() ?? {}), [false, false, false]);
    },
  ),

  check("rollback with both gives auto scaling back, also when it times out", async ({ run, suspended }) => {
    await run("rollback --revision 2 --suspend-auto-scaling --resume-auto-scaling --timeout 4s", 7);
    assert.deepEqual(Object.values(await suspended() ?? {}), [false, false, false]);
  }),
];
