import assert from "node:assert/strict";
import { differences, type Json } from "../../tests/interop/compare_rendered.ts";

const same: [string, Json, Json][] = [
  ["the same in another order", { a: 1, b: [true] }, { b: [true], a: 1 }],
  ["zeros that only Kayac's has", { name: "app", cpu: 0, mode: "", links: [], log: { options: null } }, {
    name: "app",
  }],
  ["empty members that only ours has", { name: "app" }, { name: "app", environment: [] }],
  ["the name of the service", { serviceName: "web", desiredCount: 2 }, { desiredCount: 2 }],
  ["what only an answer of describe has", { family: "web" }, { family: "web", revision: 3, status: "ACTIVE" }],
];

for (const [name, kayac, ours] of same) {
  Deno.test(`differences() finds none in ${name}`, () => assert.deepEqual(differences(kayac, ours), []));
}

const different: [Json, Json, string][] = [
  [{ cpu: "256" }, { cpu: "512" }, `.cpu: "256" by Kayac's, "512" by ours`],
  [{ cpu: 256 }, { cpu: "256" }, `.cpu: 256 by Kayac's, "256" by ours`],
  [{ essential: true }, { essential: false }, ".essential: true by Kayac's, false by ours"],
  [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, ".a[0].b: 1 by Kayac's, 2 by ours"],
  [{ a: [1] }, { a: [1, 2] }, ".a: [1] by Kayac's, [1,2] by ours"],
  [{}, { family: "web" }, `.family: null by Kayac's, "web" by ours`],
  [{ family: "web" }, {}, `.family: "web" by Kayac's, null by ours`],
  [{ a: {} }, { a: { serviceName: "web" } }, `.a.serviceName: null by Kayac's, "web" by ours`],
];

for (const [kayac, ours, difference] of different) {
  Deno.test(`differences() says ${difference}`, () => assert.deepEqual(differences(kayac, ours), [difference]));
}
