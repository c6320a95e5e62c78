import assert from "node:assert/strict";
import { awsEnvironment } from "./aws_environment.ts";
import { type Check, type Group, Skipped } from "./check.ts";
import { type Emulated, myserviceNow, serviceOf, statusOf, whileServing, writesOf } from "./emulated.ts";
import type { Tools } from "./install.ts";
import type { Ended, Processes } from "./processes.ts";
import { runKayac } from "./run_kayac.ts";

/** Kayac's tool looks every 10 or 15 s, and its own timeout is 10 minutes. */
const TIMEOUT_MS = 3 * 60_000;

/** A world, and Kayac's ecspresso to change it with. */
interface Session extends Emulated {
  /** Runs it on the project's example. */
  run(args: string): Promise<Ended>;
  /** The same, for a command that has to succeed: its standard output. */
  succeed(args: string): Promise<string>;
}

/** Kayac's ecspresso, driven against the emulator: what it has done, the emulator is asked. */
export function kayacGroup(processes: Processes, tools: Tools, home: string): Group {
  const check = (name: string, act: (session: Session) => Promise<void>): Check => ({
    name,
    // It reads the type of the deployment controller from every service, also where ECS leaves it out.
    run: () =>
      whileServing(myserviceNow({ service: { deploymentController: { type: "ECS" } } }), async (world) => {
        const path = await tools.kayac();
        const session: Session = {
          ...world,
          run: (args) =>
            runKayac(processes, {
              command: [path, "--config", "examples/ecspresso.yml", ...args.split(" ")],
              env: awsEnvironment(world.url, home),
              timeoutMs: TIMEOUT_MS,
            }),
          async succeed(args) {
            const { code, stdout, stderr } = await session.run(args);
            assert.equal(code, 0, `ecspresso ${args}: exit code ${code}: ${stderr.trim()}`);
            return stdout;
          },
        };
        await act(session);
      }),
  });
  return {
    name: "kayac",
    checks: [...readingChecks(check), ...taskDefinitionChecks(check), ...deploymentChecks(check)],
    async open() {
      await tools.kayac();
    },
  };
}

type MakeCheck = (name: string, act: (session: Session) => Promise<void>) => Check;

const NAMES = [1, 2, 3, 4].map((number) => `myservice:${number}`);

const readingChecks = (check: MakeCheck): Check[] => [
  check("status", async (session) => {
    const stdout = await session.succeed("status");
    for (const line of ["Service: myservice", "Cluster: default", "TaskDefinition: myservice:4"]) {
      assert.ok(stdout.includes(line), `no "${line}" in:\n${stdout}`);
    }
    assert.match(stdout, /PRIMARY myservice:4 desired:2 pending:0 running:2/);
    assert.match(stdout, /min:1 max:10/);
    assert.match(stdout, /has reached a steady state/);
    assert.deepEqual(writesOf(session), []);
  }),

  check("revisions", async ({ succeed }) => {
    const stdout = await succeed("revisions");
    assert.deepEqual(stdout.match(/myservice:\d+/g), NAMES);
    assert.match(stdout, /myservice:4.*PRIMARY deployment/);
  }),

  check("revisions --output tsv", async ({ succeed }) => {
    const rows = (await succeed("revisions --output tsv")).trimEnd().split("\n").map((line) => line.split("\t"));
    assert.deepEqual(rows.map(([name]) => name), NAMES);
    assert.equal(rows[3]?.[1], "PRIMARY deployment");
  }),

  check("revisions --output json", async ({ succeed }) => {
    // One object after the other, without an array around them.
    const stdout = await succeed("revisions --output json");
    const revisions = JSON.parse(`[${stdout.trim().replace(/\}\s*\{/g, "},{")}]`);
    assert.deepEqual(revisions.map(({ name }: { name: string }) => name), NAMES);
  }),

  check("revisions --revision, by number, current and latest", async ({ succeed, emulator }) => {
    emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
    for (const [asked, revision] of [["3", 3], ["current", 2], ["latest", 4]]) {
      assert.equal(JSON.parse(await succeed(`revisions --revision ${asked}`)).revision, revision);
    }
  }),

  check("diff", async (session) => {
    const stdout = await session.succeed("diff");
    assert.match(stdout, /^-.*"cpu": "512"/m);
    assert.match(stdout, /^\+.*"cpu": "256"/m);
    assert.deepEqual(writesOf(session), []);
  }),

  check("wait", async (session) => {
    session.emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
    await session.succeed("wait");
    assert.equal(serviceOf(session).deployments.length, 1);
  }),

  check("verify", () => {
    throw new Skipped("it asks the registry of the image by itself, which the emulator does not play");
  }),
];

const taskDefinitionChecks = (check: MakeCheck): Check[] => [
  check("register", async (session) => {
    await session.succeed("register");
    assert.deepEqual([statusOf(session, 5), serviceOf(session).taskDefinition], ["ACTIVE", "myservice:4"]);
  }),

  check("register --output", async ({ succeed }) => {
    const { taskDefinitionArn, status } = JSON.parse(await succeed("register --output"));
    assert.match(taskDefinitionArn, /:task-definition\/myservice:5$/);
    assert.equal(status, "ACTIVE");
  }),

  check("register --dry-run", async (session) => {
    await session.succeed("register --dry-run");
    assert.deepEqual(writesOf(session), []);
  }),

  check("deregister --revision", async (session) => {
    await session.succeed("deregister --revision 1 --force");
    assert.deepEqual([1, 2, 3, 4].map((number) => statusOf(session, number)), [
      "INACTIVE",
      "ACTIVE",
      "ACTIVE",
      "ACTIVE",
    ]);
  }),

  check("deregister --revision refuses what is in use", async (session) => {
    const { code } = await session.run("deregister --revision 4 --force");
    assert.equal(code, 1);
    assert.equal(statusOf(session, 4), "ACTIVE");
  }),

  check("deregister --keeps keeps so many besides those in use", async (session) => {
    await session.succeed("deregister --keeps 1 --force");
    assert.deepEqual([1, 2, 3, 4].map((number) => statusOf(session, number)), [
      "INACTIVE",
      "INACTIVE",
      "ACTIVE",
      "ACTIVE",
    ]);
  }),

  check("deregister --delete", async (session) => {
    await session.succeed("deregister --revision 1 --force --delete");
    assert.equal(statusOf(session, 1), "DELETE_IN_PROGRESS");
  }),
];

const deploymentChecks = (check: MakeCheck): Check[] => [
  check("deploy", async (session) => {
    await session.succeed("deploy");
    const { taskDefinition, runningCount, deployments } = serviceOf(session);
    assert.deepEqual([taskDefinition, runningCount], ["myservice:5", 2]);
    assert.deepEqual(deployments.map(({ rolloutState }) => rolloutState), ["COMPLETED"]);
    // The attributes of the service first, for they differ, and then its tasks.
    assert.deepEqual(writesOf(session), ["RegisterTaskDefinition", "UpdateService", "UpdateService"]);
  }),

  check("deploy --dry-run", async (session) => {
    await session.succeed("deploy --dry-run");
    assert.deepEqual(writesOf(session), []);
  }),

  check("rollback deregisters what it came from", async (session) => {
    await session.succeed("rollback");
    const { taskDefinition, runningCount } = serviceOf(session);
    assert.deepEqual([taskDefinition, runningCount], ["myservice:3", 2]);
    assert.equal(statusOf(session, 4), "INACTIVE");
  }),

  check("rollback --no-deregister-task-definition", async (session) => {
    await session.succeed("rollback --no-deregister-task-definition");
    assert.deepEqual([serviceOf(session).taskDefinition, statusOf(session, 4)], ["myservice:3", "ACTIVE"]);
  }),

  check("rollback --dry-run", async (session) => {
    await session.succeed("rollback --dry-run");
    assert.deepEqual(writesOf(session), []);
  }),
];
