/** DescribeSecret of AWS Secrets Manager */
import { AwsFailure } from "../failure.ts";
import { uuidFrom } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import type { Secret } from "../stores.ts";
import { epochSeconds } from "../wire.ts";
import type { Actions } from "./action.ts";

/** The end that AWS gives to the ARN of a secret, and that may be left out where it is named by ARN. */
const SUFFIX = /-[0-9A-Za-z]{6}$/;

function isNamedBy(id: string, { name, arn }: Secret): boolean {
  return id === name || id === arn || id === arn.replace(SUFFIX, "");
}

function describeSecret(world: World, input: Input): JsonObject {
  const id = input.requiredString("SecretId");
  const secret = Object.values(world.secrets).find((one) => isNamedBy(id, one));
  if (!secret) {
    throw new AwsFailure("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: epochSeconds(secret.createdAtMs),
    LastChangedDate: epochSeconds(secret.createdAtMs),
    VersionIdsToStages: { [uuidFrom(secret.createdAtMs)]: ["AWSCURRENT"] },
  };
}

export const actions: Actions = { DescribeSecret: describeSecret };
