import assert from "node:assert/strict";
import { findUnkept } from "../../../src/aws/services.ts";

Deno.test("findUnkept() names what the model does not know and the answer does not show, and nothing else", () => {
  const order = {
    desiredCount: 2,
    loadBalancers: [{ containerName: "app", futureMode: "A" }],
    futureIsolation: { a: 1 },
  };
  const cases: [answered: Record<string, unknown>, unkept: string[]][] = [
    [{}, ["loadBalancers.0.futureMode", "futureIsolation"]],
    [{ futureIsolation: { a: 1 }, loadBalancers: [{ futureMode: "A" }] }, []],
    // ECS fills in what it has defaults for.
    [{ futureIsolation: { a: 1, b: [] }, loadBalancers: [{ futureMode: "A" }] }, []],
    [{ futureIsolation: { a: 2 }, loadBalancers: [{ futureMode: "B" }] }, [
      "loadBalancers.0.futureMode",
      "futureIsolation",
    ]],
    // In another order, and in the PRIMARY deployment.
    [{ loadBalancers: [{}, { futureMode: "A" }], deployments: [{ status: "PRIMARY", futureIsolation: { a: 1 } }] }, []],
    [{ loadBalancers: [{ futureMode: "A" }], deployments: [{ status: "ACTIVE", futureIsolation: { a: 1 } }] }, [
      "futureIsolation",
    ]],
  ];
  for (const [answered, unkept] of cases) {
    assert.deepEqual(findUnkept(order, answered as never), unkept, JSON.stringify(answered));
  }
});

Deno.test("findUnkept() finds nothing missing of what is empty", () => {
  assert.deepEqual(findUnkept({ futureList: [], futureObject: {}, _comment: "x" }, {}), []);
});
