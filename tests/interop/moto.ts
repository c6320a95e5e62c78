/** Our program, driven against moto, which knows ECS from elsewhere than our emulator. Its deployments never move. */
import assert from "node:assert/strict";
import { type Ended, runCli } from "../e2e/cli_process.ts";
import { type Moto, SCALING_TARGET, startMoto } from "./moto_server.ts";

const ARN = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/web";

/** What `register` registers, as revision 4. */
const APP = {
  name: "app",
  image: "example/app:{{ env `TAG` `4` }}",
  essential: true,
  memory: 128,
  environment: [{ name: "GREETING", value: "hello" }],
};
const FILES = {
  "ecspresso.yml": "region: ap-northeast-1\ncluster: default\nservice: web\ntask_definition: ecs-task-def.json\n",
  "ecs-task-def.json": JSON.stringify({ family: "web", containerDefinitions: [APP] }),
};
/** What comes of moto's updating a service: it takes the task definition, and begins no deployment of it. */
const NO_DEPLOYMENT = /ECS accepted the update and has started no deployment/;

/** moto's world, and our program to change it with. */
class Session {
  constructor(readonly moto: Moto) {}

  /** Runs our program, which has to end with `code`. */
  async run(args: string, code: number): Promise<Ended> {
    const ended = await runCli(this.moto.url, args.split(" "), { files: FILES });
    assert.equal(ended.code, code, `ecspresso ${args}: exit code ${ended.code}, not ${code}: ${ended.stderr.trim()}`);
    return ended;
  }

  /** A rollback that moto takes: our program says that it starts nothing. The revision that the service has then. */
  async rollBack(args: string): Promise<string> {
    assert.match((await this.run(`rollback ${args}`, 5)).stderr, NO_DEPLOYMENT);
    return await this.current();
  }

  /** The task definition that the service runs, as moto keeps it: the text that it was given. */
  async current(): Promise<string> {
    const { services } = await this.moto.ask("ecs", "DescribeServices", { services: ["web"] });
    return services[0].taskDefinition.replace(`${ARN}:`, "");
  }

  /** A revision of `web`. */
  // deno-lint-ignore no-explicit-any
  async revision(number: number): Promise<any> {
    const input = { taskDefinition: `web:${number}` };
    return (await this.moto.ask("ecs", "DescribeTaskDefinition", input)).taskDefinition;
  }

  /** Makes a revision INACTIVE. */
  async deregister(number: number): Promise<void> {
    await this.moto.ask("ecs", "DeregisterTaskDefinition", { taskDefinition: `web:${number}` });
  }

  /** The numbers of the ACTIVE revisions, as `1 2 3`. */
  async active(): Promise<string> {
    const { taskDefinitionArns } = await this.moto.ask("ecs", "ListTaskDefinitions", { familyPrefix: "web" });
    return taskDefinitionArns.map((arn: string) => arn.split(":").at(-1)).join(" ");
  }

  /** What is suspended of the scalable target; nothing before anything has been said about it. */
  async suspended(): Promise<unknown[]> {
    const { ServiceNamespace, ResourceId } = SCALING_TARGET;
    const input = { ServiceNamespace, ResourceIds: [ResourceId] };
    const { ScalableTargets } = await this.moto.ask("application-autoscaling", "DescribeScalableTargets", input);
    return Object.values(ScalableTargets[0].SuspendedState ?? {});
  }
}

const CHECKS: Readonly<Record<string, (session: Session) => Promise<void>>> = {
  async "register"(session) {
    const { stderr } = await session.run("register", 0);
    assert.ok(stderr.includes(`${ARN}:4\n`), stderr);
    const { status, containerDefinitions: [{ image, environment }] } = await session.revision(4);
    assert.deepEqual([status, image, environment], ["ACTIVE", "example/app:4", APP.environment]);
    assert.equal(await session.current(), "3");
  },
  async "register --output writes the ARN"(session) {
    const file = await Deno.makeTempFile();
    await session.run(`register --output ${file}`, 0);
    assert.equal((await Deno.readTextFile(file)).trimEnd(), `${ARN}:4`);
  },
  async "register --assume-role-arn registers in the account of the role"(session) {
    const { stderr } = await session.run("--assume-role-arn arn:aws:iam::210987654321:role/ci/deploy register", 0);
    assert.match(stderr, / arn:aws:ecs:ap-northeast-1:210987654321:task-definition\/web:1\n/);
    assert.equal(await session.active(), "1 2 3");
  },
  async "dry runs register and deregister nothing"(session) {
    assert.match((await session.run("register --dry-run", 0)).stdout, /example\/app:4/);
    await session.run("deregister --revision 1 --dry-run", 0);
    assert.equal(await session.active(), "1 2 3");
  },
  async "deregister --revision"(session) {
    assert.ok((await session.run("deregister --revision 1", 0)).stderr.includes(`${ARN}:1\n`));
    assert.equal(await session.active(), "2 3");
  },
  async "deregister refuses what the service uses"(session) {
    await session.run("deregister --revision 3 --force", 4);
    assert.equal(await session.active(), "1 2 3");
  },
  async "deregister --keeps keeps so many besides those in use"(session) {
    await session.run("deregister --keeps 1 --force", 0);
    assert.equal(await session.active(), "2 3");
  },
  async "deregister --delete"(session) {
    await session.run("deregister --revision 1 --delete", 0);
    // moto forgets a deleted one at once, where ECS keeps it as DELETE_IN_PROGRESS while something refers to it.
    await assert.rejects(session.revision(1), /Unable to describe task definition/);
  },
  async "revisions"(session) {
    assert.equal((await session.run("revisions", 0)).stdout, "1\n2\n3\n");
    assert.deepEqual(JSON.parse((await session.run("revisions --output json", 0)).stdout), [1, 2, 3]);
    const { stdout } = await session.run("revisions --output tsv", 0);
    for (const number of [1, 2, 3]) assert.match(stdout, new RegExp(`^web:${number}\\t`, "m"));
  },
  async "revisions --revision, by number, current and latest"(session) {
    for (const [asked, number] of [["2", 2], ["current", 3], ["latest", 3]]) {
      const { family, revision, containerDefinitions: [{ image }] } = JSON.parse(
        (await session.run(`revisions --revision ${asked}`, 0)).stdout,
      );
      assert.deepEqual([family, revision, image], ["web", number, `example/app:${number}`]);
    }
  },
  async "status"(session) {
    assert.match((await session.run("status", 0)).stdout, /web:3[^]*IN_PROGRESS|IN_PROGRESS[^]*web:3/);
  },
  async "diff"(session) {
    const { stdout } = await session.run("diff", 0);
    assert.match(stdout, /^-.*example\/app:3/m);
    assert.match(stdout, /^\+.*example\/app:4/m);
    await session.run("diff --exit-code", 9);
  },
  async "wait times out, for nothing moves"(session) {
    await session.run("wait --timeout 4s", 7);
  },
  async "rollback, waiting or not, says that no deployment was started"(session) {
    assert.equal(await session.rollBack("--revision 2 --no-wait"), "2");
    assert.deepEqual(await session.suspended(), []);
    assert.equal(await session.rollBack("--revision 1"), "1");
  },
  async "rollback --dry-run"(session) {
    const { stdout } = await session.run("rollback --revision 2 --dry-run", 0);
    assert.match(stdout, /image example\/app:3 -> example\/app:2/);
    assert.equal(await session.current(), "3");
  },
  async "rollback refuses what is not registered, and what is INACTIVE"(session) {
    await session.run("rollback --revision 9 --no-wait", 4);
    await session.deregister(1);
    await session.run("rollback --revision 1 --no-wait", 4);
    assert.equal(await session.current(), "3");
  },
  async "rollback --revision previous"(session) {
    // moto keeps no record of what was deployed: nothing proves that a lower revision has run.
    assert.equal(await session.rollBack("--revision previous --allow-unproven --no-wait"), "2");
  },
  async "rollback --reregister copies what is INACTIVE"(session) {
    await session.deregister(1);
    assert.equal(await session.rollBack("--revision 1 --reregister --no-wait"), "4");
    assert.equal((await session.revision(4)).containerDefinitions[0].image, "example/app:1");
  },
  async "rollback --suspend-auto-scaling leaves it suspended, --resume-auto-scaling resumes it"(session) {
    await session.rollBack("--revision 2 --no-wait --suspend-auto-scaling");
    assert.deepEqual(await session.suspended(), [true, true, true]);
    // To the one that it has by then: nothing is begun, and scaling is resumed all the same.
    await session.run("rollback --revision 2 --no-wait --resume-auto-scaling", 0);
    assert.deepEqual(await session.suspended(), [false, false, false]);
  },
  async "rollback with both restores auto scaling, also when it times out"(session) {
    await session.run("rollback --revision 2 --suspend-auto-scaling --resume-auto-scaling --timeout 4s", 7);
    assert.deepEqual(await session.suspended(), [false, false, false]);
  },
};

const moto = await startMoto();
for (const [name, act] of Object.entries(CHECKS)) {
  Deno.test({
    name,
    ignore: moto === undefined,
    async fn() {
      await moto!.reset();
      await act(new Session(moto!));
    },
  });
}
