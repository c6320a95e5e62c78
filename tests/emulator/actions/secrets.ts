/** DescribeSecret and GetSecretValue of AWS Secrets Manager */
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

/** What is found of a secret only in another version of it, in AWS's words. */
const NO_VALUE = "Secrets Manager can't find the specified secret value for";

function findSecret(world: World, input: Input): Secret {
  const id = input.requiredString("SecretId");
  const secret = Object.values(world.secrets).find((one) => isNamedBy(id, one));
  if (secret) return secret;
  throw new AwsFailure("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

function describeSecret(world: World, input: Input): JsonObject {
  const secret = findSecret(world, input);
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: epochSeconds(secret.createdAtMs),
    LastChangedDate: epochSeconds(secret.createdAtMs),
    VersionIdsToStages: { [versionOf(secret)]: [CURRENT] },
  };
}

/** The one version that a secret has here. */
const CURRENT = "AWSCURRENT";

function versionOf({ createdAtMs }: Secret): string {
  return uuidFrom(createdAtMs);
}

function getSecretValue(world: World, input: Input): JsonObject {
  const secret = findSecret(world, input);
  const stage = input.string("VersionStage") ?? CURRENT;
  const version = input.string("VersionId") ?? versionOf(secret);
  if (stage !== CURRENT) throw new AwsFailure("ResourceNotFoundException", `${NO_VALUE} staging label: ${stage}`);
  if (version !== versionOf(secret)) {
    throw new AwsFailure("ResourceNotFoundException", `${NO_VALUE} VersionId: ${version}`);
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version,
    SecretString: secret.value,
    VersionStages: [CURRENT],
    CreatedDate: epochSeconds(secret.createdAtMs),
  };
}

export const actions: Actions = { DescribeSecret: describeSecret, GetSecretValue: getSecretValue };
