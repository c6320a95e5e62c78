import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";

/** Checks the plan files that the program writes by the schema that it promises. */

const text = await Deno.readTextFile(new URL("../docs/plan.schema.json", import.meta.url));
// Members that the schema does not name are refused when a plan file is read, so none may be written.
const schema = JSON.parse(
  text,
  (_key, value) => value?.type === "object" ? { ...value, additionalProperties: false } : value,
);
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false });
const check = ajv.compile(schema);

/** A plan file, as far as tests look at it. */
export interface PlanText {
  madeAt: string;
  options: Record<string, unknown>;
  services: ServiceText[];
  [name: string]: unknown;
}

interface ServiceText {
  service: string;
  config?: string;
  wave?: number;
  from: { taskDefinition: string; deployment?: string; images: { container: string; image: string }[] };
  to: { taskDefinition: string; serviceDeployment?: string; images: { container: string; image: string }[] };
  [name: string]: unknown;
}

/** Parses a plan file, and checks it by the schema. */
export function readPlan(written: string | undefined): PlanText {
  assert.ok(written !== undefined, "there is no plan file");
  const plan: unknown = JSON.parse(written);
  assert.ok(check(plan), `${written}\n${ajv.errorsText(check.errors)}`);
  return plan as PlanText;
}
