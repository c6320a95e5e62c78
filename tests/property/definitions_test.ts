import fc from "fast-check";
import assert from "node:assert/strict";
import { alignServices } from "../../src/definitions/compare_services.ts";
import { sameTaskDefinition } from "../../src/definitions/compare_task_definitions.ts";
import { diffDefinitions } from "../../src/definitions/diff_definitions.ts";
import { normalizeService } from "../../src/definitions/normalize_service.ts";
import { normalizeTaskDefinition } from "../../src/definitions/normalize_task_definition.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { HiddenValues } from "../../src/secrets/hidden_values.ts";
import { describedService, describedTaskDefinition } from "./described_definitions.ts";
import { services, taskDefinitions } from "./arbitrary_definitions.ts";
import { RUNS, tries } from "./how_often.ts";

/** Whether two definitions mean the same is what a deployment depends on: it must hold of all of them. */

const settings = tries(RUNS / 2);

const NAMES = { old: "old", new: "new" };
const order = fc.nat(100);

/** Objects with the members that the rules look at, and any JSON in them. */
const strangeObjects: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom(
    ..."containerDefinitions volumes tags networkMode cpu environment portMappings containerPort hostPort key name"
      .split(" "),
    ..."deployments status deploymentConfiguration lifecycleHooks hookDetails dockerVolumeConfiguration scope".split(
      " ",
    ),
    ..."autoprovision schedulingStrategy loadBalancers placementStrategy field __proto__ constructor".split(" "),
  ),
  fc.letrec((again) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(null, 0, -0, false, true, "", "awsvpc", "shared", "PRIMARY", "DAEMON", "256", "1 vCPU", 80, 0.5),
      fc.array(again("value"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          "name",
          "value",
          "containerPort",
          "hostPort",
          "scope",
          "autoprovision",
          "hookDetails",
          "__proto__",
        ),
        again("value"),
        { maxKeys: 3 },
      ),
    ),
  })).value,
  { maxKeys: 5 },
).map((object) => JSON.parse(JSON.stringify(object)));

for (
  const [what, normalize, definitions] of [
    ["normalizeTaskDefinition()", normalizeTaskDefinition, taskDefinitions],
    ["normalizeService()", normalizeService, services],
  ] as const
) {
  Deno.test(`${what} of what is normal changes nothing`, () => {
    fc.assert(
      fc.property(fc.oneof(definitions, strangeObjects), (definition) => {
        const normal = normalize(definition);
        assert.equal(JSON.stringify(normalize(normal)), JSON.stringify(normal));
      }),
      settings,
    );
  });

  Deno.test(`${what} of two definitions that differ in one value differs`, () => {
    fc.assert(
      fc.property(definitions, fc.nat(), (definition, nth) => {
        const leaves = leavesOf(definition);
        if (leaves.length === 0) return;
        const changed = change(definition, leaves[nth % leaves.length]!);
        assert.notEqual(JSON.stringify(normalize(definition)), JSON.stringify(normalize(changed)));
      }),
      settings,
    );
  });

  Deno.test(`a diff after ${what} is empty exactly between equals`, () => {
    fc.assert(
      fc.property(fc.oneof(definitions, strangeObjects), definitions, fc.nat(), (one, other, nth) => {
        const leaves = leavesOf(one);
        const a = normalize(one);
        const text = JSON.stringify(a);
        for (const second of [one, other, ...(leaves.length > 0 ? [change(one, leaves[nth % leaves.length]!)] : [])]) {
          const b = normalize(second);
          assert.equal(diffDefinitions(NAMES, a, b, new HiddenValues()).length === 0, text === JSON.stringify(b));
        }
      }),
      settings,
    );
  });
}

Deno.test("sameTaskDefinition() knows a definition again in what AWS answers of it", () => {
  fc.assert(
    fc.property(taskDefinitions, order, (definition, order) => {
      const described = describedTaskDefinition(definition, order);
      assert.deepEqual(normalizeTaskDefinition(described), normalizeTaskDefinition(definition));
      assert.equal(sameTaskDefinition(definition, described), true);
    }),
    settings,
  );
});

Deno.test("alignServices() knows a service again in what AWS answers of it", () => {
  fc.assert(
    fc.property(services, order, fc.nat(10), (definition, order, desiredCount) => {
      const described = describedService({ desiredCount, serviceName: "app", ...definition }, order);
      const { local, remote } = alignServices(definition, described);
      assert.equal(JSON.stringify(remote), JSON.stringify(local));
    }),
    settings,
  );
});

Deno.test("diffDefinitions() shows no value of a variable", () => {
  const secret = fc.oneof(fc.nat(9).map((n) => `s3cret-${n}`), fc.constantFrom(98765001, 98765002));
  const strange = fc.letrec((again) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      secret,
      fc.array(again("value"), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom("KEY", "value", "Value", "__proto__"), again("value"), { maxKeys: 2 }),
    ),
  })).value as fc.Arbitrary<Json>;
  const variable = fc.record({ name: fc.constantFrom("A", "B", "C"), value: secret }, { noNullPrototype: true });
  const environment: fc.Arbitrary<Json> = fc.oneof(fc.array(variable, { maxLength: 4 }), strange, fc.array(strange));
  const definitionWith = (definition: JsonObject, environments: Json[]): JsonObject => ({
    ...definition,
    containerDefinitions: environments.map((environment, index) => ({ name: `c${index}`, environment })),
  });
  const environments = fc.array(environment, { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(taskDefinitions, environments, environments, (definition, old, new_) => {
      const [a, b] = [old, new_].map((one) => normalizeTaskDefinition(definitionWith(definition, one))) as [
        JsonObject,
        JsonObject,
      ];
      for (const before of [a, undefined]) {
        assert.doesNotMatch(
          diffDefinitions(NAMES, before, b, new HiddenValues()).map(({ text }) => text).join("\n"),
          /s3cret|98765/,
        );
      }
    }),
    settings,
  );
});

type Path = readonly (string | number)[];

function leavesOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, key]));
}

/** The definition with another value at one place. */
function change(definition: JsonObject, path: Path): JsonObject {
  const changed = structuredClone(definition);
  // deno-lint-ignore no-explicit-any -- the path leads through what it was made from
  let parent: any = changed;
  for (const key of path.slice(0, -1)) parent = parent[key];
  const key = path.at(-1)!;
  const value = parent[key];
  parent[key] = typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${value}x`;
  return changed;
}
