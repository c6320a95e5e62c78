import type { Rule } from "./rule.ts";
import { BAKE_RULES } from "./rules/bake.ts";
import { CHANGE_RULES } from "./rules/changes.ts";
import { MANY_RULES } from "./rules/many.ts";
import { ORDER_RULES } from "./rules/orders.ts";
import { RATE_RULES } from "./rules/rates.ts";
import { RESTORE_RULES } from "./rules/restored.ts";
import { TRUST_RULES } from "./rules/trust.ts";

export const RULES: readonly Rule[] = [
  ...ORDER_RULES,
  ...RESTORE_RULES,
  ...CHANGE_RULES,
  ...RATE_RULES,
  ...TRUST_RULES,
  ...MANY_RULES,
  ...BAKE_RULES,
];
