import assert from "node:assert/strict";
import { foreseeAlarms } from "../../../../src/rollout/plan/collect_notices.ts";
import type { AlarmState } from "../../../../src/rollout/read/read_deploy_state.ts";

const states = (...entries: [string, string][]) => new Map(entries);

Deno.test("foreseeAlarms() warns where nothing can come of an alarm", () => {
  const armed = ["5xx", "latency"];
  const foreseen = (states: AlarmState["states"], change: Partial<AlarmState> = {}) =>
    foreseeAlarms({ ecsGoesBack: false, armed, states, ...change });
  assert.deepEqual(foreseen(new Map(), { armed: [] }), [{ code: "noAlarms" }]);
  assert.deepEqual(foreseen(states(["5xx", "OK"], ["latency", "INSUFFICIENT_DATA"])), []);
  assert.deepEqual(foreseen(states(["5xx", "OK"], ["latency", "ALARM"])), [
    { code: "alarmsWentOff", alarms: ["latency"] },
  ]);
  assert.deepEqual(foreseen(states(["5xx", "ALARM"], ["latency", "ALARM"])), [{
    code: "alarmsWentOff",
    alarms: armed,
  }]);
  assert.deepEqual(foreseen(states(["5xx", "OK"])), [{ code: "alarmsMissing", alarms: ["latency"] }]);
  assert.deepEqual(foreseen(undefined, { ecsGoesBack: true }), []);
  assert.deepEqual(foreseen(undefined, { armed: [] }), []);
  assert.deepEqual(foreseen(undefined), [{ code: "alarmsNotNamed", alarms: armed }]);
  assert.deepEqual(foreseen({ unknown: "no" }), [{ code: "alarmsNotRead", reason: "no" }]);
});
