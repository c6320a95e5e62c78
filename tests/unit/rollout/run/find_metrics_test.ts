import assert from "node:assert/strict";
import { AwsError } from "../../../../src/errors.ts";
import { findMetrics } from "../../../../src/rollout/run/find_metrics.ts";
import { awsError } from "../scripted_ports.ts";

const NEVER = new AbortController().signal;
const group = (name: string) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}/0`;
const APP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/0";

/** @param behind the target groups that the load balancer may send requests to */
async function find(behind: readonly string[] | AwsError, targetGroups = [group("blue"), group("green")]) {
  const balancing = {
    readTargetGroup: () => Promise.resolve({ targetType: "ip", loadBalancers: [APP] }),
    readTargetGroupsBehind: () => behind instanceof AwsError ? Promise.reject(behind) : Promise.resolve(behind),
  };
  const found = await findMetrics({ targetGroups, loadBalancers: [] }, () => Promise.resolve(balancing), NEVER);
  assert.ok(!(found instanceof AwsError));
  return found.map(({ metric, query: { name, dimensions } }) => `${metric} ${name} ${Object.keys(dimensions)}`);
}

Deno.test("what the service's own load balancer answers itself is read once, whichever target group is live", async () => {
  const found = await find([group("blue"), group("green")]);
  assert.equal(found.length, 7);
  assert.equal(found.at(-1), "ownFailures HTTPCode_ELB_5XX_Count LoadBalancer");
});

Deno.test("a load balancer is shared where another target group is behind it, and where nobody knows", async () => {
  for (const behind of [[group("blue"), group("api")], awsError("denied")]) {
    const found = await find(behind, [group("blue")]);
    assert.deepEqual(found.filter((one) => one.includes("ELB")), [
      "sharedFailures HTTPCode_ELB_5XX_Count LoadBalancer",
    ]);
  }
});

Deno.test("what may not be read of one target group is not known of all", async () => {
  const error = awsError("denied");
  const balancing = {
    readTargetGroup: (arn: string) =>
      arn === group("a") ? Promise.reject(error) : Promise.resolve({ targetType: "ip", loadBalancers: [APP] }),
    readTargetGroupsBehind: () => Promise.resolve([]),
  };
  const wanted = { targetGroups: [group("a"), group("b")], loadBalancers: ["old"] };
  assert.equal(await findMetrics(wanted, () => Promise.resolve(balancing), NEVER), error);
  const classic = await findMetrics({ targetGroups: [], loadBalancers: ["old"] }, () => Promise.reject(error), NEVER);
  assert.ok(!(classic instanceof AwsError));
  assert.deepEqual(classic.map(({ query: { namespace, name } }) => `${namespace} ${name}`), [
    "AWS/ELB RequestCount",
    "AWS/ELB HTTPCode_Backend_5XX",
    "AWS/ELB HTTPCode_ELB_5XX",
    "AWS/ELB UnHealthyHostCount",
  ]);
});
