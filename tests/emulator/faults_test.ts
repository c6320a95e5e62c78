import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import {
  accessDenied,
  actAfter,
  actBefore,
  delay,
  dropAfter,
  dropBefore,
  expiredToken,
  halfSent,
  serverError,
  stale,
  throttle,
} from "./faults.ts";
import { emptyAnswer, errorUnder200, htmlPage, redirect } from "./foreign_answers.ts";
import { createScenario, SCENARIOS } from "./scenarios.ts";

const UPDATE = { service: "myservice", taskDefinition: "myservice:3" };
const SERVICES = { services: ["myservice"] };

Deno.test("a refusal is answered and leaves the world alone", async (t) => {
  const table = [
    ["throttle", throttle(), 400, "ThrottlingException"],
    ["access denied", accessDenied(), 400, "AccessDeniedException"],
    ["expired token", expiredToken(), 400, "ExpiredTokenException"],
    ["server error", serverError(), 500, "ServerException"],
  ] as const;
  for (const [name, effect, status, type] of table) {
    await t.step(name, () => {
      const emulator = createScenario("healthy");
      emulator.inject({ operation: "UpdateService", effect });
      const before = emulator.state();
      const answer = ask(emulator, "UpdateService", UPDATE);
      assert.deepEqual([answer.status, answer.type], [status, type]);
      assert.deepEqual(emulator.state(), before);
      assert.equal(emulator.calls[0]?.outcome, type);
      assert.equal(ask(emulator, "UpdateService", UPDATE).type, undefined);
    });
  }
});

Deno.test("a refusal for lack of permission names the action", () => {
  const emulator = createScenario("access_denied");
  assert.match(
    ask(emulator, "UpdateService", UPDATE).message ?? "",
    /^User: \S+ is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:\S+:service\/default\/myservice /,
  );
});

Deno.test("a rule hits from the nth matching call on, as many times as it says", () => {
  const emulator = createScenario("healthy");
  emulator.inject({ operation: ["DescribeServices", "ListTasks"], nth: 2, times: 2, effect: throttle() });
  const types = ["DescribeServices", "DescribeClusters", "ListTasks", "DescribeServices", "DescribeServices"]
    .map((operation) => ask(emulator, operation, operation === "DescribeServices" ? SERVICES : {}).type);
  assert.deepEqual(types, [undefined, undefined, "ThrottlingException", "ThrottlingException", undefined]);
});

Deno.test("a dropped connection has carried out the call, or not", async (t) => {
  for (
    const [name, effect, taskDefinition] of [["before", dropBefore(), "myservice:4"], [
      "after",
      dropAfter(),
      "myservice:3",
    ]] as const
  ) {
    await t.step(name, () => {
      const emulator = createScenario("healthy");
      emulator.inject({ operation: "UpdateService", effect });
      assert.throws(() => ask(emulator, "UpdateService", UPDATE), /dropped/);
      assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, taskDefinition);
      const { outcome, applied } = emulator.calls[0]!;
      assert.deepEqual([outcome, applied], ["dropped", name === "after"]);
    });
  }
});

Deno.test("an answer that is replaced is another one, whether or not the call is carried out", async (t) => {
  const AWS = "x-amzn-requestid";
  const table = [
    ["a page", htmlPage(403), 403, /^<!DOCTYPE html>/, false, "htmlPage 403"],
    ["a page in place of an answer", htmlPage(502, { applied: true }), 502, /^<!DOCTYPE html>/, false, "htmlPage 502"],
    ["a redirect", redirect("https://login.example/"), 307, /^<!DOCTYPE html>/, false, "redirect 307"],
    ["nothing in it", emptyAnswer({ applied: true }), 200, /^\{\}$/, true, "emptyAnswer"],
    ["an error under 200", errorUnder200(), 200, /^\{"__type":"InternalFailure"/, true, "errorUnder200"],
  ] as const;
  for (const [name, effect, status, body, hasHeader, outcome] of table) {
    await t.step(name, () => {
      const emulator = createScenario("healthy");
      emulator.inject({ operation: "UpdateService", effect });
      const target = "AmazonEC2ContainerServiceV20141113.UpdateService";
      const answer = emulator.handle({ target, body: JSON.stringify(UPDATE) });
      assert.ok(!("drop" in answer) && effect.kind === "replace");
      assert.deepEqual([answer.status, AWS in answer.headers], [status, hasHeader]);
      assert.match(answer.body, body);
      const { applied } = effect;
      assert.deepEqual([emulator.calls[0]!.outcome, emulator.calls[0]!.applied], [outcome, applied]);
      const runs = emulator.state().services["default/myservice"]?.taskDefinition;
      assert.equal(runs, applied ? "myservice:3" : "myservice:4");
    });
  }
});

Deno.test("an answer can break off or be late", () => {
  const emulator = createScenario("healthy");
  emulator.inject({ effect: halfSent() });
  emulator.inject({ effect: delay(250) });
  const answer = emulator.handle({ target: "AmazonEC2ContainerServiceV20141113.ListServices", body: "{}" });
  assert.ok(!("drop" in answer));
  assert.deepEqual([answer.halfSent, answer.delayMs, answer.status], [true, 250, 200]);
});

Deno.test("a stale read shows the world before the last write, for as long as it says", () => {
  const emulator = createScenario("stale_reads");
  const deployments = () => ask(emulator, "DescribeServices", SERVICES).output.services[0].deployments.length;
  assert.equal(deployments(), 1);
  ask(emulator, "UpdateService", UPDATE);
  emulator.advance(4_999);
  assert.equal(deployments(), 1);
  emulator.advance(1);
  assert.equal(deployments(), 2);
});

Deno.test("a stale read shows task definitions as they were, whatever was read since the last write", () => {
  const emulator = createScenario("healthy");
  emulator.setParameter("p", "v");
  emulator.inject({ operation: "DescribeTaskDefinition", effect: stale() });
  ask(emulator, "DeregisterTaskDefinition", { taskDefinition: "myservice:1" });
  ask(emulator, "GetParameter", { Name: "p" }, "ssm");
  const status = () =>
    ask(emulator, "DescribeTaskDefinition", { taskDefinition: "myservice:1" }).output.taskDefinition.status;
  assert.deepEqual([status(), status()], ["ACTIVE", "INACTIVE"]);
});

Deno.test("stale reads before any write are not used up", () => {
  const emulator = createScenario("healthy");
  emulator.inject({ operation: "DescribeServices", effect: stale() });
  const taskDefinition = () => ask(emulator, "DescribeServices", SERVICES).output.services[0].taskDefinition.slice(-1);
  taskDefinition();
  ask(emulator, "UpdateService", UPDATE);
  assert.deepEqual([taskDefinition(), taskDefinition()], ["4", "3"]);
});

Deno.test("somebody else acts just before or just after a call", () => {
  const emulator = createScenario("healthy");
  const seen: string[] = [];
  const primary = () => emulator.state().services["default/myservice"]!.taskDefinition;
  emulator.inject({ operation: "UpdateService", effect: actBefore(() => seen.push(primary())) });
  emulator.inject({
    operation: "UpdateService",
    effect: actAfter((other) => {
      seen.push(primary());
      other.updateService({ service: "myservice", taskDefinition: "myservice:2" });
    }),
  });
  const { service } = ask(emulator, "UpdateService", UPDATE).output;
  assert.match(service.taskDefinition, /:3$/);
  assert.deepEqual([...seen, primary()], ["myservice:4", "myservice:3", "myservice:2"]);
  assert.equal(emulator.calls.length, 1);
});

Deno.test("somebody else acts later", () => {
  const emulator = createScenario("second_person");
  ask(emulator, "UpdateService", UPDATE);
  emulator.advance(9_999);
  assert.equal(emulator.state().services["default/myservice"]?.taskDefinition, "myservice:3");
  emulator.advance(300_000);
  const { taskDefinition, deployments } = emulator.state().services["default/myservice"]!;
  assert.deepEqual([taskDefinition, deployments.length], ["myservice:2", 1]);
});

Deno.test("rate limits: a burst, then a refill each second, in buckets of their own", () => {
  const emulator = createScenario("healthy", { rateLimits: true });
  const refused = (count: number) =>
    Array.from({ length: count }, () => ask(emulator, "UpdateService", { service: "myservice" }).type)
      .filter((type) => type === "ThrottlingException").length;
  assert.equal(refused(52), 2);
  emulator.advance(2_000);
  assert.equal(refused(12), 2);
  assert.equal(ask(emulator, "DescribeServices", SERVICES).type, undefined);
});

Deno.test("rate limits: each region, and each account, has buckets of its own", () => {
  const emulator = createScenario("healthy", { rateLimits: true });
  const update = (region: string) => {
    const target = "AmazonEC2ContainerServiceV20141113.UpdateService";
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20230101/${region}/ecs/aws4_request, Signature=0`;
    const answer = emulator.handle({ target, authorization, body: '{"service":"myservice"}' });
    return "status" in answer && answer.status === 200;
  };
  for (let call = 1; call <= 50; call++) assert.ok(update("ap-northeast-1"));
  assert.ok(!update("ap-northeast-1"));
  assert.ok(update("eu-west-1"));
});

Deno.test("rate limits: the tags of Application Auto Scaling are not those of ECS", () => {
  const emulator = createScenario("healthy", { rateLimits: true });
  const body = '{"ResourceARN":"arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice"}';
  const throttled = (target: string) => {
    for (let call = 1; call <= 60; call++) emulator.handle({ target: `${target}.ListTagsForResource`, body });
    return emulator.calls.splice(0).filter(({ outcome }) => outcome === "ThrottlingException").length;
  };
  assert.equal(throttled("AmazonEC2ContainerServiceV20141113"), 10);
  assert.equal(throttled("AnyScaleFrontendService"), 0);
});

Deno.test("every scenario is the same world each time", async (t) => {
  for (const [name, { create }] of Object.entries(SCENARIOS)) {
    await t.step(name, () => {
      const [one, other] = [create(), create()];
      assert.deepEqual(one.describeService("myservice"), other.describeService("myservice"));
      assert.deepEqual(one.state(), other.state());
      assert.equal(one.state().services["default/myservice"]?.status, "ACTIVE");
    });
  }
});

Deno.test("scenarios are what their names say", () => {
  const primary = (name: string) => {
    const { deployments, runningCount } = createScenario(name).state().services["default/myservice"]!;
    return [deployments[0]?.taskDefinition, deployments[0]?.rolloutState, runningCount];
  };
  assert.deepEqual(primary("healthy"), ["myservice:4", "COMPLETED", 2]);
  assert.deepEqual(primary("crash_loop"), ["myservice:4", "IN_PROGRESS", 0]);
  assert.deepEqual(primary("circuit_breaker_tripped"), ["myservice:4", "FAILED", 2]);
  assert.deepEqual(primary("circuit_breaker_rolling_back"), ["myservice:3", "IN_PROGRESS", 2]);
  assert.throws(() => createScenario("nonesuch"), /no scenario "nonesuch": there are healthy, /);
});
