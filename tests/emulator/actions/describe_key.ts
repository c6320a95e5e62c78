/** DescribeKey of AWS KMS */
import { AwsFailure } from "../failure.ts";
import { nameOf } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { epochSeconds } from "../wire.ts";
import type { Actions } from "./action.ts";

/** By ID or ARN. Aliases that begin with `alias/aws/` are of the keys that AWS manages itself, and always there. */
function describeKey(world: World, input: Input): JsonObject {
  const { region, accountId } = world.settings;
  const asked = input.requiredString("KeyId");
  const isAwsManaged = asked.includes("alias/aws/");
  const arn = asked.startsWith("arn:") ? asked : `arn:aws:kms:${region}:${accountId}:key/${asked}`;
  const state = isAwsManaged ? "Enabled" : world.keys[arn];
  if (state === undefined) throw new AwsFailure("NotFoundException", `Key '${arn}' does not exist`);
  return {
    KeyMetadata: {
      AWSAccountId: accountId,
      KeyId: isAwsManaged ? "00000000-0000-0000-0000-000000000000" : nameOf(arn),
      Arn: isAwsManaged ? `arn:aws:kms:${region}:${accountId}:key/00000000-0000-0000-0000-000000000000` : arn,
      CreationDate: epochSeconds(world.nowMs),
      Enabled: state === "Enabled",
      KeyState: state,
      KeyManager: isAwsManaged ? "AWS" : "CUSTOMER",
    },
  };
}

export const actions: Actions = { DescribeKey: describeKey };
