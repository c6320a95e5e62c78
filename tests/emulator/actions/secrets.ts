/** DescribeSecret and GetSecretValue of AWS Secrets Manager */
import { AwsFailure } from "../failure.ts";
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

/**
 * "Versions that don't have staging labels are considered deprecated", and are not among these (API reference). One that was
 * created without a value has none.
 */
function describeSecret(world: World, input: Input): JsonObject {
  const { arn, name, createdAtMs, versions, kmsKeyId } = findSecret(world, input);
  const labelled = versions.filter(({ stages }) => stages.length > 0);
  return {
    ARN: arn,
    Name: name,
    ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
    CreatedDate: epochSeconds(createdAtMs),
    LastChangedDate: epochSeconds(createdAtMs),
    ...(labelled.length > 0 &&
      { VersionIdsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, stages])) }),
  };
}

/** "If you don't specify either a VersionStage or VersionId, Secrets Manager returns the AWSCURRENT version" (API reference). */
function getSecretValue(world: World, input: Input): JsonObject {
  const secret = findSecret(world, input);
  const [stage, id] = [input.string("VersionStage"), input.string("VersionId")];
  const wanted = stage ?? (id === undefined ? "AWSCURRENT" : undefined);
  const labelled = secret.versions.filter(({ stages }) => wanted === undefined || stages.includes(wanted));
  if (labelled.length === 0) throw new AwsFailure("ResourceNotFoundException", `${NO_VALUE} staging label: ${wanted}`);
  const version = labelled.find((one) => id === undefined || one.id === id);
  if (!version) throw new AwsFailure("ResourceNotFoundException", `${NO_VALUE} VersionId: ${id}`);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.value,
    ...(version.stages.length > 0 && { VersionStages: version.stages }),
    CreatedDate: epochSeconds(secret.createdAtMs),
  };
}

export const actions: Actions = { DescribeSecret: describeSecret, GetSecretValue: getSecretValue };
