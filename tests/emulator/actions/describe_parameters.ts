/** DescribeParameters of AWS Systems Manager */
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { notEmulated } from "../not_emulated.ts";
import type { Parameter } from "../stores.ts";
import { epochSeconds } from "../wire.ts";
import type { Actions } from "./action.ts";

function metadata({ name, arn, type, version, modifiedAtMs, keyId = "alias/aws/ssm" }: Parameter): JsonObject {
  return {
    Name: name,
    ARN: arn,
    Type: type,
    // Only a SecureString is encrypted; without a key of the user's by that of AWS.
    ...(type === "SecureString" ? { KeyId: keyId } : {}),
    LastModifiedDate: epochSeconds(modifiedAtMs),
    Version: version,
  };
}

/** Those with one of the names that the one filter has. */
function describeParameters(world: World, input: Input): JsonObject {
  const filters = input.objects("ParameterFilters") ?? [];
  const names = filters.map(({ Key, Option = "Equals", Values }) => {
    if (Key !== "Name" || Option !== "Equals") throw notEmulated(`the filter ${Key} ${Option}`);
    return Values as string[];
  });
  const found = Object.values(world.parameters).filter(({ name }) => names.every((one) => one.includes(name)));
  return { Parameters: found.map(metadata) };
}

export const actions: Actions = { DescribeParameters: describeParameters };
