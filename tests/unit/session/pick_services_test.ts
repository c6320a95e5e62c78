import assert from "node:assert/strict";
import { RefusedError } from "../../../src/errors.ts";
import { isOnlyOne, type NamesInFile, pickServices } from "../../../src/session/pick_services.ts";

const named = (service: string, cluster = "prod", region: string | undefined = "eu-west-1", account?: string) =>
  ({ service, cluster, region, account }) satisfies NamesInFile;

const ALL: readonly NamesInFile[] = [
  named("api"),
  named("worker"),
  named("worker", "blue"),
  named("cron", "prod", undefined, "210987654321"),
];
const file = { kind: "fleet", path: "fleet.yml" } as const;

const pick = (...typed: readonly string[]) =>
  pickServices(ALL, typed, { file, namesOf: (one) => one, readAccount: () => Promise.resolve("123456789012") });

async function problemOf(typed: string): Promise<RefusedError["problem"]> {
  const error = await pick(typed).catch((error) => error);
  assert.ok(error instanceof RefusedError);
  return error.problem;
}

Deno.test("services of a file are picked by name, pattern or ARN, in the order of the file", async () => {
  assert.deepEqual(await pick("cron", "api"), [ALL[0], ALL[3]]);
  assert.deepEqual(await pick("w*"), [ALL[1], ALL[2]]);
  assert.deepEqual(await pick("arn:aws:ecs:eu-west-1:123456789012:service/blue/worker"), [ALL[2]]);
  // What the file does not say is not compared.
  assert.deepEqual(await pick("arn:aws:ecs:eu-west-1:210987654321:service/prod/cron"), [ALL[3]]);
});

Deno.test("what the file does not have is refused, with the nearest names", async () => {
  assert.deepEqual(await problemOf("wroker"), { code: "notInFile", name: "wroker", ...file, nearest: ["worker"] });
  for (const other of ["eu-west-2:123456789012:service/prod/api", "eu-west-1:123456789012:service/blue/api"]) {
    assert.equal((await problemOf(`arn:aws:ecs:${other}`)).code, "notInFile");
  }
  assert.equal((await problemOf("arn:aws:ecs:eu-west-1:123456789012:service/prod/cron")).code, "notInFile");
});

Deno.test("a name that the file has twice is refused, with what tells them apart", async () => {
  const problem = await problemOf("worker");
  assert.ok(problem.code === "severalInFile");
  assert.deepEqual(problem.found, [
    "arn:aws:ecs:eu-west-1:123456789012:service/prod/worker",
    "arn:aws:ecs:eu-west-1:123456789012:service/blue/worker",
  ]);
  assert.deepEqual(ALL.map((one) => isOnlyOne(one, ALL)), [true, false, false, true]);
});
