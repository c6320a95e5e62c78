import assert from "node:assert/strict";
import { ask, serviceTags } from "../../emulator/asking.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { imageWithTag, myservice, SERVICE, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { CONFIG_FILES, type Result, runInProcess } from "../../in_process.ts";
import { type PlanText, readPlan } from "../../plan_schema.ts";

/** `rollback --plan-out FILE` and `rollback --plan FILE`, of one service. */

const PLAN = "plan.json";
const MOVES = { history: [3, 4], movingTag: "latest" };

async function makePlan(emulator: Emulator, ...options: string[]): Promise<PlanText> {
  const args = ["rollback", "--revision", "previous", "--dry-run", "--plan-out", PLAN, ...options];
  const before = emulator.state();
  const { code, files, stderr } = await runInProcess(emulator, args);
  assert.equal(code, 0, stderr);
  assert.deepEqual(emulator.state(), before, "nothing is changed");
  return readPlan(files.get(PLAN));
}

async function carryOut(emulator: Emulator, plan: unknown, ...options: string[]): Promise<Result> {
  const text = typeof plan === "string" ? plan : JSON.stringify(plan, null, 2);
  const files = { ...CONFIG_FILES, [PLAN]: text };
  return await runInProcess(emulator, ["rollback", "--plan", PLAN, ...options], { files });
}

function deploy(emulator: Emulator, revision: number): void {
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:${revision}`, forceNewDeployment: true });
  emulator.advance(UNTIL_STEADY_MS);
}

const running = (emulator: Emulator) => String(emulator.describeService(SERVICE).taskDefinition).split("/").at(-1);
const orders = (emulator: Emulator) => emulator.calls.filter(({ operation }) => operation === "UpdateService").length;

Deno.test("a plan is reviewed today and carried out later, as often as one likes", async () => {
  const emulator = myservice({ history: [2, 3, 4] });
  const plan = await makePlan(emulator, "--pin", "never");
  assert.equal(plan.options.pin, "never");
  for (let times = 0; times < 3; times++) {
    const { code, stderr } = await carryOut(emulator, plan);
    assert.equal(code, 0, stderr);
    assert.equal(running(emulator), "myservice:3", "and no further back");
  }
  assert.equal(orders(emulator), 1);
});

Deno.test("a run that is carried out keeps its plan first", async () => {
  const emulator = myservice({ history: [2, 3, 4] });
  const args = ["rollback", "--revision", "previous", "--plan-out", PLAN];
  const { code, files, stderr } = await runInProcess(emulator, args);
  assert.equal(code, 0, stderr);
  assert.ok(stderr.indexOf("Plan is written") < stderr.indexOf("Rolling back"), stderr);
  assert.equal((await carryOut(emulator, files.get(PLAN))).code, 0);
  assert.equal(running(emulator), "myservice:3");
  assert.equal(orders(emulator), 1);
});

Deno.test("what somebody has deployed since is not left", async () => {
  const emulator = myservice({ history: [2, 3, 4] });
  const plan = await makePlan(emulator);
  deploy(emulator, 2);
  const { code, stderr } = await carryOut(emulator, plan);
  assert.equal(code, 4);
  assert.match(stderr, /to myservice:3: somebody has deployed myservice:2 since the plan was made/);
  assert.equal(running(emulator), "myservice:2");
});

Deno.test("the same task definition, deployed once more with the same images, is left", async () => {
  const emulator = myservice({ history: [2, 3, 4] });
  const plan = await makePlan(emulator);
  deploy(emulator, 4);
  assert.equal((await carryOut(emulator, plan)).code, 0);
  assert.equal(running(emulator), "myservice:3");
});

Deno.test("the same task definition, deployed once more with other images, is not left", async () => {
  const emulator = myservice(MOVES);
  const plan = await makePlan(emulator);
  emulator.setImage(imageWithTag("latest"));
  deploy(emulator, 4);
  const { code, stderr } = await carryOut(emulator, plan);
  assert.equal(code, 4, stderr);
  assert.match(stderr, /somebody has deployed myservice:4 with other images since/);
});

Deno.test("where tags move, the copy that a plan has started is where it goes, and no second one", async () => {
  const emulator = myservice(MOVES);
  const plan = await makePlan(emulator);
  for (let times = 0; times < 2; times++) {
    const { code, stderr } = await carryOut(emulator, plan);
    assert.equal(code, 0, stderr);
    assert.equal(running(emulator), "myservice:5");
  }
  assert.equal(orders(emulator), 1);
});

Deno.test("other images than were approved do not start", async () => {
  const emulator = myservice(MOVES);
  const plan = await makePlan(emulator, "--pin", "never", "--allow-unproven");
  emulator.setImage(imageWithTag("latest"));
  const { code, stderr } = await carryOut(emulator, plan);
  assert.equal(code, 4, stderr);
  assert.match(stderr, /the plan says other images than would start \(app: myservice:latest as sha256:.*, and now /);
  assert.equal(running(emulator), "myservice:4");
});

Deno.test("a deployment that is on its way to where the plan goes is followed", async () => {
  const emulator = myservice({ history: [2, 3, 4] });
  const plan = await makePlan(emulator);
  emulator.updateService({ service: SERVICE, taskDefinition: "myservice:3" });
  const { code, stderr } = await carryOut(emulator, plan);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /myservice:3 is live/);
  assert.equal(orders(emulator), 0);
});

Deno.test("a plan of another account or region is refused", async () => {
  const plan = await makePlan(myservice({ history: [3, 4] }));
  const elsewhere = (text: string, other: string) => JSON.stringify(plan, null, 2).replaceAll(text, other);
  const account = await carryOut(myservice({ history: [3, 4] }), elsewhere("123456789012", "210987654321"));
  assert.equal(account.code, 4);
  assert.match(account.stderr, /the plan is for the account 210987654321, and this would be 123456789012/);
  const region = await carryOut(myservice({ history: [3, 4] }), elsewhere("ap-northeast-1", "eu-west-1"));
  assert.equal(region.code, 4);
  assert.match(region.stderr, /the plan is for the region eu-west-1, and this would be ap-northeast-1/);
});

Deno.test("a number that was edited by hand counts", async () => {
  const emulator = myservice({ history: [2, 3, 4] });
  const plan = await makePlan(emulator);
  const [service] = plan.services;
  service!.to = { ...service!.to, taskDefinition: service!.to.taskDefinition.replace(/3$/, "2"), images: [] };
  assert.equal((await carryOut(emulator, plan)).code, 0);
  assert.equal(running(emulator), "myservice:2");
});

Deno.test("a number that was edited by hand is refused where the plan names a deployment of another", async () => {
  const emulator = myservice({ history: [3], movingTag: "latest" });
  for (const revision of [3, 4]) {
    emulator.setImage(imageWithTag("latest"));
    deploy(emulator, revision);
  }
  const { output: { serviceDeployments } } = ask(emulator, "ListServiceDeployments", { service: SERVICE });
  const { serviceDeploymentArn } = serviceDeployments.at(-1);
  const args = ["rollback", "--deployment", serviceDeploymentArn, "--dry-run", "--plan-out", PLAN];
  const { files } = await runInProcess(emulator, args);
  const plan = readPlan(files.get(PLAN));
  const [service] = plan.services;
  assert.equal(service!.to.serviceDeployment, serviceDeploymentArn);
  service!.to.taskDefinition = service!.to.taskDefinition.replace(/3$/, "2");
  const { code, stderr } = await carryOut(emulator, plan);
  assert.equal(code, 4, stderr);
  assert.match(stderr, /to myservice:2: the deployment that the plan file names deployed myservice:3\n/);
  assert.equal(orders(emulator), 0);
});

Deno.test("an old plan is warned of, and carried out", async () => {
  const emulator = myservice({ history: [3, 4] });
  const plan = await makePlan(emulator);
  emulator.advance(25 * 3_600_000);
  const { code, stderr } = await carryOut(emulator, plan);
  assert.equal(code, 0);
  assert.match(stderr, /\[warn\] .* This plan is old: it was made 25h ago/);
});

Deno.test("no file is overwritten: it may be what a run that was killed goes on with", async () => {
  const emulator = myservice({ history: [3, 4] });
  const args = ["rollback", "--revision", "previous", "--plan-out", PLAN];
  const { code, stderr, files } = await runInProcess(emulator, args, { files: { ...CONFIG_FILES, [PLAN]: "{}" } });
  assert.equal(code, 2);
  assert.match(stderr, /--plan-out: plan.json is there already/);
  assert.equal(files.get(PLAN), "{}");
  assert.equal(emulator.calls.length, 0);
});

Deno.test("where the plan cannot be kept, nothing is done", async () => {
  const emulator = myservice({ history: [3, 4] });
  const args = ["rollback", "--revision", "previous", "--plan-out", PLAN];
  const { code, stderr } = await runInProcess(emulator, args, { unwritable: [PLAN] });
  assert.equal(code, 2);
  assert.match(stderr, /the plan cannot be written to plan.json: /);
  assert.equal(running(emulator), "myservice:4");
});

Deno.test("a plan that is refused is not kept", async () => {
  const emulator = myservice({ history: [4] });
  const args = ["rollback", "--revision", "9", "--plan-out", PLAN];
  const { code, files } = await runInProcess(emulator, args);
  assert.equal(code, 4);
  assert.equal(files.get(PLAN), undefined);
});

Deno.test("a plan has the hold and the reason, which count unless others are typed", async () => {
  const notes = async (...typed: string[]) => {
    const emulator = myservice({ history: [2, 3, 4] });
    const plan = await makePlan(emulator, "--hold", "2h", "--reason", "leaks");
    assert.deepEqual([plan.options.hold, plan.options.reason], ["7200s", "leaks"]);
    const { code, stderr } = await carryOut(emulator, plan, ...typed);
    assert.equal(code, 0, stderr);
    const { "ecspresso:hold": hold, "ecspresso:last-rollback": last } = serviceTags(emulator, SERVICE);
    return [/ until=(\S+) /.exec(hold!)![1], / because (.*)/.exec(last!)![1]];
  };
  assert.deepEqual(await notes(), ["2023-01-01T14:15:00Z", "leaks"]);
  assert.deepEqual(await notes("--hold", "1h", "--reason", "crashes"), ["2023-01-01T13:15:00Z", "crashes"]);
});

Deno.test("where a reason is demanded, a plan may have it", async () => {
  const env = { ECSPRESSO_REQUIRE_REASON: "1" };
  for (const [given, expected] of [[[], 2], [["--reason", "leaks"], 0]] as const) {
    const emulator = myservice({ history: [2, 3, 4] });
    const plan = await makePlan(emulator, ...given);
    const files = { ...CONFIG_FILES, [PLAN]: JSON.stringify(plan) };
    const { code, stderr } = await runInProcess(emulator, ["rollback", "--plan", PLAN, "--no-color"], { env, files });
    assert.equal(code, expected, stderr);
    assert.equal(orders(emulator), expected === 0 ? 1 : 0);
    const dry = await runInProcess(emulator, ["rollback", "--plan", PLAN, "--dry-run"], { env, files });
    assert.equal(dry.code, 0, dry.stderr);
  }
});

Deno.test("what may have to go back again is not held", async () => {
  const emulator = myservice({ history: [2, 3, 4] });
  const typed = ["rollback", "--revision", "3", "--hold", "2h", "--on-failure", "undo"];
  assert.equal((await runInProcess(emulator, typed)).code, 2);
  const plan = await makePlan(emulator, "--hold", "2h");
  assert.equal((await carryOut(emulator, plan, "--on-failure", "undo")).code, 2);
  assert.equal(orders(emulator), 0);
});
