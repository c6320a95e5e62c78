import assert from "node:assert/strict";
import { SERVICE_READ_ONLY } from "../../src/model/read_only_fields.ts";
import type { Emulator } from "../../tests/emulator/emulator.ts";
import type { JsonObject } from "../../tests/emulator/model.ts";
import type { Check, Group } from "./check.ts";
import { differences, type Json } from "./compare_rendered.ts";
import { expecting } from "./expectations.ts";
import { type Fixture, foldersIn, isThere, readFixture, worldFor } from "./fixture.ts";
import type { Tools } from "./install.ts";
import type { Processes } from "./processes.ts";
import { type Program, programsOf } from "./programs.ts";
import { sameCommandChecks } from "./same_command.ts";
import { WRITTEN_DIFFERENTLY } from "./written_differently.ts";

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

/** Kayac's ecspresso and ours, the same command on the same files in two worlds that are alike: what was asked of ECS? */
export function sideBySideGroup(processes: Processes, tools: Tools, home: string): Group {
  const { kayac, ours } = programsOf(processes, tools, home);
  const checks = foldersIn(["tools/interop/files"]).flatMap((folder) => checksOf(folder, kayac, ours));
  const group: Group = {
    name: "side by side",
    checks: [...checks, ...sameCommandChecks(kayac, ours)],
    async open() {
      await tools.kayac();
    },
  };
  return expecting(group, WRITTEN_DIFFERENTLY);
}

/** What the two make of a folder's files. */
function checksOf(folder: string, kayac: Program, ours: Program): Check[] {
  const fixture = readFixture(folder);
  const check = (name: string, run: () => Promise<void>): Check => ({ name: `${folder}, ${name}`, run });
  const register = check("register", async () => {
    const asked = await byBoth(kayac, ours, () => worldFor(fixture), async (run, world) => {
      await run(world, fixture, "register");
      return onlyInput(world, "RegisterTaskDefinition");
    });
    assertSame(asked);
  });
  if (isThere(`${folder}/no_service.txt`)) return [register];
  return [register, ...deployChecks(fixture, check, kayac, ours)];
}

function deployChecks(
  fixture: Fixture,
  check: (name: string, run: () => Promise<void>) => Check,
  kayac: Program,
  ours: Program,
): Check[] {
  const create = async (run: Program, world: Emulator): Promise<Inputs> => {
    await run(world, fixture, "deploy --no-wait");
    return { definition: onlyInput(world, "RegisterTaskDefinition"), service: onlyInput(world, "CreateService") };
  };
  const creates = check("deploy creates", async () => {
    const make = async (run: Program, world: Emulator) => (await create(run, world)).service;
    assertSame(await byBoth(kayac, ours, () => worldFor(fixture), make));
  });
  // From then on CodeDeploy deploys it, which the emulator does not play.
  if (isThere(`${fixture.folder}/codedeploy.txt`)) return [creates];
  return [
    creates,

    check("deploy updates", async () => {
      const inputs = await create(kayac, worldFor(fixture));
      const update = async (run: Program, world: Emulator) => {
        await run(world, fixture, "deploy --no-wait");
        return serviceIn(world, inputs.service);
      };
      assertSame(await byBoth(kayac, ours, () => worldBefore(fixture, inputs), update));
    }),

    check("ours finds nothing to do after Kayac's", async () => {
      const world = worldFor(fixture);
      await create(kayac, world);
      world.advance(10 * MINUTE_MS);
      const { stdout } = await ours(world, fixture, "diff");
      assert.equal(stdout, "", stdout);
      const before = world.calls.length;
      await ours(world, fixture, "deploy --no-wait");
      const writes = world.calls.slice(before).map(({ operation }) => operation).filter((name) => !isRead(name));
      assert.deepEqual(writes, [], `deploy does ${writes.join(", ")}`);
    }),
  ];
}

/** What was asked for to make a service. */
interface Inputs {
  readonly definition: JsonObject;
  readonly service: JsonObject;
}

interface Both {
  readonly kayac: JsonObject;
  readonly ours: JsonObject;
}

/** What comes of the same, by both programs, in a world of its own each. */
async function byBoth(
  kayac: Program,
  ours: Program,
  makeWorld: () => Emulator,
  act: (run: Program, world: Emulator) => Promise<JsonObject>,
): Promise<Both> {
  return { kayac: await act(kayac, makeWorld()), ours: await act(ours, makeWorld()) };
}

function assertSame({ kayac, ours }: Both): void {
  const found = differences(kayac as Json, ours as Json);
  assert.deepEqual(found, [], found.join("\n"));
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
