import assert from "node:assert/strict";
import { connectEcs } from "../../../src/aws/ecs_adapter.ts";
import { revision } from "../made_up.ts";
import { connectionOptions, type ScriptedAnswer, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;
const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };
const OTHER = { metricConfigurations: [{ metricNames: ["MemoryUtilization"], resolutionSeconds: 20 }] };

function connect(...serviceRevisions: object[]) {
  const answer: ScriptedAnswer = { body: { serviceRevisions } };
  const network = stubNetwork(answer);
  return { ecs: connectEcs(connectionOptions(network)), sent: network.sent };
}

function shown(number: number, createdAt: number, monitoring?: object) {
  return { serviceRevisionArn: `arn:${createdAt}`, taskDefinition: revision(number).arn, createdAt, monitoring };
}

const members = (...arns: string[]) => ({
  taskDefinition: revision(4).arn,
  currentServiceRevisions: arns.map((arn) => ({ arn })),
});

Deno.test("readRevisionMembers() gives what only a service revision shows, of the newest one", async () => {
  const { ecs, sent } = connect(shown(4, 1, MONITORING), shown(4, 2, OTHER), shown(4, 1.5));
  assert.deepEqual(await ecs.readRevisionMembers(members("arn:1", "arn:2", "arn:1.5"), NEVER), { monitoring: OTHER });
  assert.deepEqual(sent.map(({ input }) => input), [{ serviceRevisionArns: ["arn:1", "arn:2", "arn:1.5"] }]);
});

Deno.test("readRevisionMembers() leaves alone what ECS has turned back from", async () => {
  const { ecs } = connect(shown(5, 2, OTHER), shown(4, 1, MONITORING));
  assert.deepEqual(await ecs.readRevisionMembers(members("arn:2", "arn:1"), NEVER), { monitoring: MONITORING });
});

Deno.test("readRevisionMembers() asks nobody where ECS names no revision", async () => {
  const { ecs, sent } = connect();
  assert.deepEqual(await ecs.readRevisionMembers({}, NEVER), {});
  assert.deepEqual(sent, []);
});
