/** Kayac's ecspresso and ours, the same command on the same files in two worlds that are alike: what was asked of ECS? */
import assert from "node:assert/strict";
import { SERVICE_READ_ONLY } from "../../src/model/api_members.ts";
import type { Emulator } from "../emulator/emulator.ts";
import type { JsonObject } from "../emulator/model.ts";
import { type Check, expecting } from "./expectations.ts";
import { assertSame } from "./compare_rendered.ts";
import { WRITTEN_DIFFERENTLY } from "./differs_on_purpose.ts";
import { type Fixture, foldersIn, isThere, readFixture, worldFor } from "./fixture.ts";
import { kayac, ours, type Program, succeeding, testBesideKayac } from "./programs.ts";
import { sameCommandChecks } from "./same_command.ts";

const MINUTE_MS = 60_000;
/** What a service cannot be made without, and what only a forced deployment changes. */
const KEPT = [
  "cluster",
  "serviceName",
  "launchType",
  "capacityProviderStrategy",
  "schedulingStrategy",
  "deploymentController",
  "networkConfiguration",
  "volumeConfigurations",
];

const runKayac = succeeding("Kayac's", kayac);
const runOurs = succeeding("ours", ours);

/** What the two make of a folder's files. */
function checksOf(fixture: Fixture): Check[] {
  const check = (name: string, run: () => Promise<void>): Check => ({ name: `${fixture.folder}, ${name}`, run });
  const register = check("register", () =>
    assertAlike(() => worldFor(fixture), async (run, world) => {
      await run(world, fixture, "register");
      return onlyInput(world, "RegisterTaskDefinition");
    }));
  if (isThere(`${fixture.folder}/no_service.txt`)) return [register];

  const creates = check(
    "deploy creates",
    () => assertAlike(() => worldFor(fixture), async (run, world) => (await create(run, world, fixture)).service),
  );
  // From then on CodeDeploy deploys it, which the emulator does not play.
  if (isThere(`${fixture.folder}/codedeploy.txt`)) return [register, creates];

  const updates = check("deploy updates", async () => {
    const inputs = await create(runKayac, worldFor(fixture), fixture);
    await assertAlike(() => worldBefore(fixture, inputs), async (run, world) => {
      await run(world, fixture, "deploy --no-wait");
      return serviceIn(world, inputs.service);
    });
  });
  const repeats = check("ours finds nothing to do after Kayac's", async () => {
    const world = worldFor(fixture);
    await create(runKayac, world, fixture);
    world.advance(10 * MINUTE_MS);
    const { stdout } = await runOurs(world, fixture, "diff");
    assert.equal(stdout, "", stdout);
    const before = world.calls.length;
    await runOurs(world, fixture, "deploy --no-wait");
    const writes = world.calls.slice(before).map(({ operation }) => operation).filter((name) => !isRead(name));
    assert.deepEqual(writes, [], `deploy does ${writes.join(", ")}`);
  });
  return [register, creates, updates, repeats];
}

/** Throws unless the same comes of both programs, in a world of its own each. */
async function assertAlike(
  makeWorld: () => Emulator,
  act: (run: Program, world: Emulator) => Promise<JsonObject>,
): Promise<void> {
  assertSame(await act(runKayac, makeWorld()), await act(runOurs, makeWorld()));
}

/** What was asked for to make a service. */
interface Inputs {
  readonly definition: JsonObject;
  readonly service: JsonObject;
}

async function create(run: Program, world: Emulator, fixture: Fixture): Promise<Inputs> {
  await run(world, fixture, "deploy --no-wait");
  return { definition: onlyInput(world, "RegisterTaskDefinition"), service: onlyInput(world, "CreateService") };
}

const isRead = (operation: string) => /^(Describe|List|Get|Head)/.test(operation);

/** What was asked for in the one call of an operation, without the token that lets it be sent again. */
function onlyInput(world: Emulator, operation: string): JsonObject {
  const calls = world.calls.filter((call) => call.operation === operation);
  assert.equal(calls.length, 1, `${operation} was called ${calls.length} times`);
  const { clientToken: _, ...input } = calls[0]?.input ?? {};
  return input;
}

/** A world in which the service is there already, as plain as it can be, and runs another image. */
function worldBefore(fixture: Fixture, { definition, service }: Inputs): Emulator {
  const world = worldFor(fixture);
  const containers = (definition.containerDefinitions ?? []) as JsonObject[];
  const before = containers.map((container) => ({ ...container, image: "example/before:1" }));
  world.registerTaskDefinition({ ...definition, containerDefinitions: before });
  world.createService({
    ...Object.fromEntries(Object.entries(service).filter(([key]) => KEPT.includes(key))),
    taskDefinition: `${definition.family}:1`,
    ...(service.schedulingStrategy === "DAEMON" ? {} : { desiredCount: 1 }),
  });
  world.advance(10 * MINUTE_MS);
  return world;
}

/** The service as it is in a world, without what ECS alone says of it, and with what it takes for granted. */
function serviceIn(world: Emulator, { serviceName, cluster }: JsonObject): JsonObject {
  const service = world.describeService(String(serviceName), String(cluster ?? "default"));
  const settings = Object.entries({ ...service, platformVersion: service.platformVersion || "LATEST" });
  const said = Object.fromEntries(settings.filter(([key]) => !SERVICE_READ_ONLY.includes(key)));
  const { awsvpcConfiguration } = (service.networkConfiguration ?? {}) as JsonObject;
  if (awsvpcConfiguration) {
    said.networkConfiguration = { awsvpcConfiguration: network(awsvpcConfiguration as JsonObject) };
  }
  return said;
}

/** To ECS the order of subnets and security groups is nothing, and there is no public address unless it is asked for. */
function network(configuration: JsonObject): JsonObject {
  const sorted = (names: unknown) => [...(names ?? []) as string[]].sort();
  return {
    assignPublicIp: "DISABLED",
    ...configuration,
    subnets: sorted(configuration.subnets),
    securityGroups: sorted(configuration.securityGroups),
  };
}

const checks = foldersIn(["tests/interop/files"]).flatMap((folder) => checksOf(readFixture(folder)));
await testBesideKayac(expecting([...checks, ...sameCommandChecks(runKayac, runOurs)], WRITTEN_DIFFERENTLY));
