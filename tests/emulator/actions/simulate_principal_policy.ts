/** SimulatePrincipalPolicy of AWS IAM */
import { AwsFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { allows } from "../policy.ts";
import type { Role } from "../stores.ts";
import type { Actions } from "./action.ts";

/** What a role's own policies come to: "The simulation does not automatically retrieve policies for the resources". */
function decide({ policy, denied = [], conditionOf = {} }: Role, action: string, resource: string) {
  const missing = conditionOf[action];
  return {
    decision: denied.includes(action)
      ? "explicitDeny"
      : policy === undefined || allows(policy, { action, resource, context: {} })
      ? "allowed"
      : "implicitDeny",
    missing: missing === undefined ? [] : [missing],
  };
}

/** Each action on each resource, once for all resources and once for each (API reference). */
function simulatePrincipalPolicy(world: World, input: Input): JsonObject {
  const arn = input.requiredString("PolicySourceArn");
  const role = Object.values(world.roles).find((one) => one.arn === arn);
  if (!role) throw new AwsFailure("NoSuchEntity", `The entity ${arn} cannot be found.`, 404);
  const actions = input.requiredStrings("ActionNames");
  const resources = input.strings("ResourceArns") ?? ["*"];
  return {
    EvaluationResults: actions.map((action) => {
      const each = resources.map((resource) => ({ resource, ...decide(role, action, resource) }));
      const worst = each.find(({ decision }) => decision !== "allowed") ?? each[0]!;
      return {
        EvalActionName: action,
        // "This is not a specific customer-provided resource ARN."
        EvalResourceName: resources.length === 1 ? resources[0]! : "*",
        EvalDecision: worst.decision,
        MissingContextValues: worst.missing,
        ResourceSpecificResults: resources[0] === "*" ? [] : each.map(({ resource, decision, missing }) => ({
          EvalResourceName: resource,
          EvalResourceDecision: decision,
          MissingContextValues: missing,
        })),
      };
    }),
    IsTruncated: false,
  };
}

export const actions: Actions = { SimulatePrincipalPolicy: simulatePrincipalPolicy };
