import assert from "node:assert/strict";
import { objectsIn } from "../../../../src/model/json.ts";
import { readWholeService } from "../../../../src/rollout/read/read_service.ts";
import { REF, revision, service } from "../../made_up.ts";
import { awsError, type Script, scriptedPorts } from "../scripted_ports.ts";

const NEVER = new AbortController().signal;
const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };
const OTHER = { metricConfigurations: [{ metricNames: ["MemoryUtilization"], resolutionSeconds: 20 }] };

function raw(...arns: string[]) {
  return { taskDefinition: revision(4).arn, currentServiceRevisions: arns.map((arn) => ({ arn })) };
}

async function read(script: Partial<Script>, definition = {}, shown?: [number, number, object][] | "denied") {
  const { currentServiceRevisions = [] } = script.raw ?? {};
  const serviceRevisionArns = objectsIn(currentServiceRevisions).map(({ arn }) => String(arn));
  const { ports, calls } = scriptedPorts({ reads: [service({ serviceRevisionArns })], ...script });
  const describeServiceRevisions: typeof ports.ecs.describeServiceRevisions = (arns) => {
    calls.push(`describeServiceRevisions ${arns}`);
    if (shown === "denied") return Promise.reject(awsError("denied"));
    const revisions = (shown ?? []).map(([number, createdAtMs, raw]) => (
      { arn: `arn:${createdAtMs}`, taskDefinition: revision(number).arn, createdAtMs, images: [], raw: { ...raw } }
    ));
    return Promise.resolve(revisions);
  };
  const whole = await readWholeService(definition, {
    ref: REF,
    ecs: { ...ports.ecs, describeServiceRevisions },
    signal: NEVER,
  });
  return { whole, calls };
}

Deno.test("readWholeService() reads what only a service revision shows, of the newest one, where the definition has it", async () => {
  const shown: [number, number, object][] = [[4, 1, { monitoring: MONITORING }], [4, 2, { monitoring: OTHER }], [
    4,
    1.5,
    {},
  ]];
  const script = { raw: raw("arn:1", "arn:2", "arn:1.5") };
  const { whole, calls } = await read(script, { monitoring: {} }, shown);
  assert.deepEqual(whole?.members, { ...script.raw, monitoring: OTHER });
  assert.deepEqual(calls, ["describeService", "describeServiceRevisions arn:1,arn:2,arn:1.5"]);
  assert.deepEqual((await read(script)).calls, ["describeService"]);
});

Deno.test("readWholeService() leaves alone what ECS has turned back from", async () => {
  const shown: [number, number, object][] = [[5, 2, { monitoring: OTHER }], [4, 1, { monitoring: MONITORING }]];
  const { whole } = await read({ raw: raw("arn:2", "arn:1") }, { monitoring: {} }, shown);
  assert.deepEqual(whole?.members.monitoring, MONITORING);
});

Deno.test("readWholeService() asks for no revision where ECS names none, and names what may not be read", async () => {
  assert.deepEqual((await read({}, { monitoring: {} })).calls, ["describeService"]);
  const { whole } = await read({ raw: raw("arn:1") }, { monitoring: {} }, "denied");
  assert.deepEqual([whole?.unread, whole?.denied?.kind], [["monitoring"], "denied"]);
  assert.equal((await read({ reads: [undefined] })).whole, undefined);
});
