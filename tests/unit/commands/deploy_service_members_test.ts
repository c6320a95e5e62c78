import assert from "node:assert/strict";
import { updatableMembers } from "../../../src/aws/api_members.ts";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { secretNotFound } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import type { Json, JsonObject } from "../../emulator/model.ts";
import { UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";
import { shownSettings } from "../../shown_settings.ts";
import { BREAKER, type Member, MEMBERS } from "./service_members.ts";

/** Every member that UpdateService takes, added, changed and removed, by a deploy that works and by one that is rolled back. */

const SERVICE: JsonObject = JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!);
const configuration = (more: JsonObject) => ({ ...BREAKER, ...more });
/** Its change alone is tried elsewhere: from then on ECS deploys nothing. */
const ELSEWHERE = ["deploymentController", "deploymentConfiguration"];

Deno.test("every member that UpdateService takes today is tried", () => {
  const tried = MEMBERS.filter(({ isNested }) => !isNested).map(({ name }) => name);
  assert.deepEqual([...tried, ...ELSEWHERE].sort(), [...updatableMembers().known.keys()].sort());
});

function usesProviders({ name }: Member, value: Json | undefined): boolean {
  return name === "capacityProviderStrategy" && Array.isArray(value) && value.length > 0;
}

/** The members of a service that has this value; `undefined`: that has not. */
function membersWith(member: Member, value: Json | undefined): JsonObject {
  const { name, isNested, beside = {} } = member;
  if (isNested) {
    return {
      ...SERVICE,
      deploymentConfiguration: configuration({ ...beside, ...(value !== undefined && { [name]: value }) }),
    };
  }
  const { launchType, ...others } = SERVICE;
  return {
    ...(usesProviders(member, value) ? others : { ...others, launchType }),
    deploymentConfiguration: BREAKER,
    ...(value !== undefined && { [name]: value }),
  };
}

function taskDefinition({ name }: Member, value: Json | undefined): JsonObject {
  const text = DEFINITION_FILES["ecs-task-def.json"]!.replace(/\{\{.*?\}\}/, "1.3.0");
  const definition: JsonObject = JSON.parse(text);
  const [container] = definition.containerDefinitions as [JsonObject];
  container.portMappings = [{ name: "http", containerPort: 8080 }, { name: "admin", containerPort: 9090 }];
  const hasVolume = name === "volumeConfigurations" && Array.isArray(value) && value.length > 0;
  return { ...definition, ...(hasVolume && { volumes: [{ name: "data", configuredAtLaunch: true }] }) };
}

function worldOf(member: Member, value: Json | undefined): Emulator {
  const emulator = new Emulator();
  emulator.registerTaskDefinition(taskDefinition(member, value));
  // Of placement, only UpdateService takes anything for a service on Fargate.
  const isLater = usesProviders(member, value) || member.name.startsWith("placement");
  emulator.createService({
    serviceName: "myservice",
    taskDefinition: "myservice:1",
    desiredCount: 2,
    // ECS keeps it, and returns nothing where it is not asked for.
    availabilityZoneRebalancing: "DISABLED",
    ...membersWith(member, isLater ? undefined : value),
  });
  emulator.advance(UNTIL_STEADY_MS);
  if (member.name.startsWith("placement") && value !== undefined) {
    emulator.updateService({ service: "myservice", [member.name]: value });
  }
  if (!usesProviders(member, value)) return emulator;
  // It has a launch type to go back to.
  const { capacityProviderStrategy } = membersWith(member, value);
  emulator.updateService({ service: "myservice", capacityProviderStrategy, forceNewDeployment: true });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

function filesOf(member: Member, value: Json | undefined): Record<string, string> {
  const definition = taskDefinition(member, value);
  const [container] = definition.containerDefinitions as [JsonObject];
  container.image = "myservice:next";
  return {
    ...DEFINITION_FILES,
    "ecs-service-def.json": JSON.stringify(membersWith(member, value)),
    "ecs-task-def.json": JSON.stringify(definition),
  };
}

const EVENTS = ["--rollback-events", "DEPLOYMENT_FAILURE,DEPLOYMENT_STOP_ON_REQUEST", "--timeout", "3h"];

function updates(emulator: Emulator): number {
  return emulator.calls.filter(({ operation }) => operation === "UpdateService").length;
}

for (const member of MEMBERS) {
  const [one, other] = member.values;
  const ways: [string, Json | undefined, Json | undefined][] = [
    ["added", undefined, one],
    ["changed", one, other],
    ...(member.off !== undefined || member.isNested
      ? [["removed", one, member.off] satisfies [string, Json | undefined, Json | undefined]]
      : []),
  ];
  // A service without a network configuration has other task definitions.
  for (const [way, before, after] of member.name === "networkConfiguration" ? ways.slice(1) : ways) {
    const files = filesOf(member, after);
    Deno.test(`${member.name} ${way} by a deploy is what the file says, and once is enough`, async () => {
      const emulator = worldOf(member, before);
      const dry = await runInProcess(emulator, ["deploy", "--dry-run"], { files });
      assert.equal(dry.code, 0, dry.stderr);
      const { code, stderr } = await runInProcess(emulator, ["deploy", "--timeout", "3h"], { files });
      assert.equal(code, 0, stderr);
      const expected = shownSettings(worldOf(member, after), "myservice");
      assert.deepEqual(comparable(shownSettings(emulator, "myservice")), comparable(expected));
      const again = await runInProcess(emulator, ["deploy", "--timeout", "3h"], { files });
      assert.deepEqual([again.code, updates(emulator)], [0, 1], again.stderr);
    });

    Deno.test(`${member.name} ${way} by a deploy that fails is as it was before`, async () => {
      const emulator = worldOf(member, before);
      emulator.setBehaviour(
        "myservice:2",
        secretNotFound("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:x"),
      );
      const was = shownSettings(emulator, "myservice");
      const { code, stderr } = await runInProcess(emulator, ["deploy", ...EVENTS], { files });
      assert.equal(code, 6, stderr);
      assert.match(stderr, /myservice:1 is live: /);
      assert.deepEqual(shownSettings(emulator, "myservice"), was);
    });
  }
}

/** The same settings may be of another revision, and their number be left to others. */
function comparable({ taskDefinition: _, desiredCount: __, ...settings }: JsonObject): JsonObject {
  return settings;
}
