import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess } from "../../in_process.ts";

const schema = JSON.parse(
  await Deno.readTextFile(new URL("../../../docs/history.schema.json", import.meta.url)),
  // For readers the schema is open, so that it can grow; here, what it does not name must not be written.
  (_key, value) => value?.type === "object" ? { ...value, additionalProperties: false } : value,
);
const ajv = new Ajv2020({ strict: true });
const check = ajv.compile(schema);

interface Row {
  readonly serviceDeployment?: string;
  readonly taskDefinition: { readonly name: string };
  readonly images: readonly { readonly image: string; readonly tag?: string }[];
  readonly startedAt: string;
  readonly end: string;
}

async function historyOf(emulator: Emulator, ...args: string[]): Promise<Row[]> {
  const { code, stdout, stderr } = await runInProcess(emulator, ["history", "--output", "json", ...args]);
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split("\n").map((line) => {
    const row: Row = JSON.parse(line);
    const isRight = check(row);
    assert.ok(isRight, `${line}\n${ajv.errorsText(check.errors)}`);
    return row;
  });
}

Deno.test("every line of JSON is as the schema says", async () => {
  const names = ["healthy", "circuit_breaker_tripped", "circuit_breaker_rolling_back", "blue_green", "paused_hook"];
  for (const name of names) assert.ok((await historyOf(createScenario(name))).length > 0);
  const old = myservice();
  old.advance(91 * 24 * 3_600_000);
  assert.deepEqual((await historyOf(old)).map(({ end }) => end), ["running"]);
});

function longLived(deployments: number): Emulator {
  const emulator = myservice({ options: { listsOldestDeploymentsFirst: true, rateLimits: true }, history: [1] });
  for (let number = 1; number < deployments; number++) {
    emulator.updateService({ service: "myservice", taskDefinition: `myservice:${1 + number % 4}` });
    emulator.advance(UNTIL_STEADY_MS);
  }
  emulator.advance(60_000);
  return emulator;
}

Deno.test("300 deployments are all listed, newest first, in whatever order AWS has them, with few calls", async () => {
  const emulator = longLived(300);
  const before = emulator.calls.length;
  const rows = await historyOf(emulator);
  assert.equal(rows.length, 300);
  assert.equal(new Set(rows.map(({ serviceDeployment }) => serviceDeployment)).size, 300);
  assert.deepEqual(rows, rows.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)));
  assert.deepEqual([rows[0]?.end, rows[0]?.taskDefinition.name], ["running", "myservice:4"]);
  const calls = emulator.calls.slice(before);
  // The service, three pages of 100, and fifteen times twenty service revisions.
  assert.equal(calls.length, 1 + 3 + 15, calls.map(({ operation }) => operation).join(" "));
});

Deno.test("a pinned copy has the tag that its image ran under before", async () => {
  const emulator = myservice({ movingTag: "latest" });
  assert.equal((await runInProcess(emulator, ["rollback", "--revision", "3"])).code, 0);
  const [copy, ...others] = await historyOf(emulator);
  assert.equal(copy?.taskDefinition.name, "myservice:5");
  assert.deepEqual([copy, ...others].map((row) => row?.images[0]?.tag), ["latest", "latest", "latest"]);
  assert.match(copy?.images[0]?.image ?? "", /@sha256:/);
  const { stdout } = await runInProcess(emulator, ["history"]);
  assert.match(stdout, /\tmyservice:5\tlatest@sha256:[0-9a-f]{12}\truns now; copy of myservice:3\n/);
});

Deno.test("two services with the same family are two histories", async () => {
  const emulator = myservice({ history: [3, 4] });
  const { networkConfiguration, launchType } = {
    launchType: "FARGATE",
    networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"], securityGroups: ["sg-a"] } },
  };
  emulator.createService({
    ...{ serviceName: "worker", taskDefinition: "myservice:2", desiredCount: 1 },
    ...{ launchType, networkConfiguration },
  });
  emulator.advance(UNTIL_STEADY_MS);
  assert.deepEqual((await historyOf(emulator)).map(({ taskDefinition }) => taskDefinition.name), [
    "myservice:4",
    "myservice:3",
  ]);
});
