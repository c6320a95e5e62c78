import assert from "node:assert/strict";
import { run } from "../../../src/app/run.ts";
import { crashLoop } from "../../emulator/behaviours.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, throttle } from "../../emulator/faults.ts";
import { fleet, fleetService } from "../../emulator/fleet.ts";
import { FleetClock } from "../../fleet_clock.ts";
import { CREDENTIALS, emulatorHandler } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";

/** One run over two accounts and two regions, each with services of the same names: the other account by a role. */

const [OWN, OTHER] = ["123456789012", "210987654321"];
const REGIONS = ["ap-northeast-1", "us-east-1"];
const ROLE = `arn:aws:iam::${OTHER}:role/deploy`;
const NAMES = [1, 2].map(fleetService);
const ENTRIES = [OWN, OTHER].flatMap((account) =>
  REGIONS.flatMap((region) =>
    NAMES.map((name) =>
      `  - {service: ${name}, cluster: default, region: ${region}${account === OTHER ? `, role: '${ROLE}'` : ""}}\n`
    )
  )
);
const FILES = { "fleet.yml": `services:\n${ENTRIES.join("")}` };

type Worlds = Readonly<Record<string, Emulator>>;

/** By account and region. */
function worlds(): Worlds {
  const all = [OWN, OTHER].flatMap((accountId) =>
    REGIONS.map((region) => {
      const emulator = fleet({ services: NAMES.length, options: { accountId, region, rateLimits: true } });
      emulator.setRole(ROLE, `arn:aws:iam::${OTHER}:root`);
      return [`${accountId} ${region}`, emulator] as const;
    })
  );
  return Object.fromEntries(all);
}

/** Carries out a command line against all of them. */
async function runOn(all: Worlds, args: readonly string[], others: Readonly<Record<string, string>> = {}) {
  for (const [name, value] of Object.entries(CREDENTIALS)) Deno.env.set(name, value);
  const handlers = Object.fromEntries(Object.entries(all).map(([name, one]) => [name, emulatorHandler(one)]));
  const [first] = Object.values(all) as [Emulator];
  const clock = new FleetClock(first.now(), (ms) => Object.values(all).forEach((one) => one.advance(ms)));
  const { host, written, files } = madeUpHost({ args, files: { ...FILES, ...others }, clock, exit: () => {} });
  const handler = handlers[`${OWN} ${REGIONS[0]}`]!;
  const handle: typeof handler.handle = (request, options) => {
    const { hostname = "" } = request;
    const isInRole = request.headers.authorization?.includes("Credential=ASIA") === true;
    // The emulator of an account knows the roles of its own.
    const isAssuming = hostname.startsWith("sts.") && String(request.body).includes("Action=AssumeRole");
    const region = REGIONS.find((one) => hostname.includes(one)) ?? REGIONS[0]!;
    return handlers[`${isInRole || isAssuming ? OTHER : OWN} ${region}`]!.handle(request, options);
  };
  const code = await run(host, { ...handler, handle });
  return { code, files, ...written };
}

const running = (all: Worlds) =>
  Object.fromEntries(
    Object.entries(all).map(([name, one]) => [
      name,
      NAMES.map((service) => one.state().services[`default/${service}`]!.taskDefinition!.split(":")[1]).join(""),
    ]),
  );

const BACK = ["rollback", "--fleet", "fleet.yml", "--revision", "previous"];
const everywhere = (own: string, other: string) => ({
  [`${OWN} ${REGIONS[0]}`]: own,
  [`${OWN} ${REGIONS[1]}`]: own,
  [`${OTHER} ${REGIONS[0]}`]: other,
  [`${OTHER} ${REGIONS[1]}`]: other,
});

Deno.test("services of the same names in two accounts and two regions are eight, and each goes back", async () => {
  const all = worlds();
  const { code, stderr } = await runOn(all, BACK);
  assert.equal(code, 0, stderr);
  assert.deepEqual(running(all), everywhere("11", "11"), stderr);
  for (const [name, { calls }] of Object.entries(all)) {
    const assumed = calls.filter(({ operation }) => operation === "AssumeRole").length;
    assert.equal(assumed, name.startsWith(OTHER) ? 1 : 0, `one connection for ${name}`);
    const described = calls.filter(({ operation, input }) =>
      operation === "DescribeServices" && (input?.services as string[]).length === NAMES.length
    );
    assert.ok(described.length > 0, `${name}: read together`);
  }
});

Deno.test("a plan file of the same names in two accounts takes each back, whichever comes first", async () => {
  const made = await runOn(worlds(), [...BACK, "--dry-run", "--plan-out", "plan.json"]);
  assert.equal(made.code, 0, made.stderr);
  const plan = JSON.parse(made.files.get("plan.json") ?? "");
  for (const services of [plan.services, plan.services.toReversed()]) {
    const all = worlds();
    const files = { "plan.json": JSON.stringify({ ...plan, services }) };
    const { code, stderr } = await runOn(all, ["rollback", "--plan", "plan.json"], files);
    assert.equal(code, 0, stderr);
    assert.deepEqual(running(all), everywhere("11", "11"), stderr);
  }
});

Deno.test("an account that throttles holds up no other account's services", async () => {
  const callsOfOwn = async (isThrottled: boolean) => {
    const all = worlds();
    for (const region of isThrottled ? REGIONS : []) {
      // Once all are planned, which comes first of everything.
      const fault = { operation: "DescribeServices", times: 20, effect: throttle() };
      all[`${OTHER} ${region}`]!.schedule(3_000, (emulator) => emulator.inject(fault));
    }
    const { code, stderr } = await runOn(all, BACK);
    assert.equal(code, 0, stderr);
    const own = all[`${OWN} ${REGIONS[0]}`]!;
    return own.calls.filter(({ operation }) => operation === "DescribeServices").map(({ atMs }) => atMs);
  };
  assert.deepEqual(await callsOfOwn(true), await callsOfOwn(false));
});

Deno.test("an account that denies is refused, and with --skip-refused the other one's services go back", async () => {
  for (const [options, own] of [[[], "22"], [["--skip-refused"], "11"]] as const) {
    const all = worlds();
    for (const region of REGIONS) {
      const denied = { operation: "DescribeServices", times: Infinity, effect: accessDenied() };
      all[`${OTHER} ${region}`]!.inject(denied);
    }
    const { code, stderr } = await runOn(all, [...BACK, ...options]);
    assert.notEqual(code, 0, stderr);
    assert.deepEqual(running(all), everywhere(own, "22"), stderr);
  }
});

Deno.test("commands for one of them name its region and its role", async () => {
  const all = worlds();
  all[`${OTHER} us-east-1`]!.setBehaviour(`${NAMES[1]}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  const { code, stderr } = await runOn(all, [...BACK, "--fail-after", "3"]);
  assert.equal(code, 6, stderr);
  const [command = ""] = stderr.match(/ecspresso (?:status|revisions|rollback|wait) .*service-0002.*/) ?? [];
  assert.match(command, /--region us-east-1/, stderr);
  assert.ok(command.includes(`--assume-role-arn ${ROLE}`), stderr);
});

Deno.test("an ARN of another account than the credentials' is refused, and taken in a role of that account", async () => {
  const arn = `arn:aws:ecs:us-east-1:${OTHER}:service/default/${NAMES[0]}`;
  const [refused, taken] = [worlds(), worlds()];
  // The own account's STS would say so.
  const first = await runOn(refused, [
    "rollback",
    "--service",
    arn,
    "--revision",
    "previous",
    "--assume-role-arn",
    ROLE.replace(OTHER, OWN),
  ]);
  assert.equal(first.code, 4, first.stderr);
  assert.deepEqual(running(refused), everywhere("22", "22"));
  const second = await runOn(taken, [
    "rollback",
    "--service",
    arn,
    "--revision",
    "previous",
    "--assume-role-arn",
    ROLE,
  ]);
  assert.equal(second.code, 0, second.stderr);
  assert.equal(running(taken)[`${OTHER} us-east-1`], "12");
});
