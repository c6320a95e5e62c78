import assert from "node:assert/strict";
import { foreseeAlarms } from "../../../../src/rollout/plan/foresee_alarms.ts";

const ecsGoesBack = false;
const states = (...entries: [string, string][]) => new Map(entries);

Deno.test("foreseeAlarms() warns where nothing can come of an alarm", () => {
  const armed = ["5xx", "latency"];
  assert.match(
    foreseeAlarms({ ecsGoesBack, armed: [], states: new Map() })[0] ?? "",
    /^the service has no alarm that ends a deploym/,
  );
  assert.deepEqual(
    foreseeAlarms({ ecsGoesBack, armed, states: states(["5xx", "OK"], ["latency", "INSUFFICIENT_DATA"]) }),
    [],
  );
  assert.match(
    foreseeAlarms({ ecsGoesBack, armed, states: states(["5xx", "OK"], ["latency", "ALARM"]) }).join("\n"),
    /^in ALARM already: latency\. ECS watches no alarm during this deployment: [^\n]+ has no effect$/,
  );
  assert.match(
    foreseeAlarms({ ecsGoesBack, armed, states: states(["5xx", "ALARM"], ["latency", "ALARM"]) })[0] ?? "",
    /^in ALARM already: 5xx, latency\. /,
  );
  assert.deepEqual(foreseeAlarms({ ecsGoesBack, armed, states: states(["5xx", "OK"]) }), [
    "CloudWatch has no alarm latency here, although deploymentConfiguration.alarms names it",
  ]);
  assert.deepEqual(foreseeAlarms({ ecsGoesBack: true, armed, states: undefined }), []);
  assert.deepEqual(foreseeAlarms({ ecsGoesBack, armed: [], states: undefined }), []);
  assert.deepEqual(foreseeAlarms({ ecsGoesBack, armed, states: undefined }), [
    "if an alarm (5xx, latency) ends this deploy, it is not taken back: --rollback-events does not name " +
    "DEPLOYMENT_STOP_ON_ALARM",
  ]);
  assert.deepEqual(foreseeAlarms({ ecsGoesBack, armed, states: { unknown: "DescribeAlarms failed" } }), [
    "DescribeAlarms failed; whether an alarm is in ALARM already is not known",
  ]);
});
