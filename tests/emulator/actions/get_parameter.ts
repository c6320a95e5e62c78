/** GetParameter of AWS Systems Manager */
import { AwsFailure } from "../failure.ts";
import { digitsFrom } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { epochSeconds } from "../wire.ts";
import type { Actions } from "./action.ts";

/** A name or an ARN, and the version where one is asked for. */
const NAME_AND_VERSION = /^(.*?)(?::(\d+))?$/;
const CIPHERTEXT_LENGTH = 64;

function getParameter(world: World, input: Input): JsonObject {
  const asked = input.requiredString("Name");
  const [, nameOrArn = asked, version] = NAME_AND_VERSION.exec(asked) ?? [];
  const parameter = Object.values(world.parameters).find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
  // AWS gives no words with this one.
  if (!parameter) throw new AwsFailure("ParameterNotFound", "");
  if (version !== undefined && Number(version) !== parameter.version) {
    throw new AwsFailure(
      "ParameterVersionNotFound",
      `Systems Manager could not find version ${version} of ${nameOrArn}. Verify the version and try again.`,
    );
  }
  const isPlain = parameter.type !== "SecureString" || input.boolean("WithDecryption") === true;
  return {
    Parameter: {
      ARN: parameter.arn,
      DataType: "text",
      LastModifiedDate: epochSeconds(parameter.modifiedAtMs),
      Name: parameter.name,
      Type: parameter.type,
      Value: isPlain ? parameter.value : btoa(digitsFrom(parameter.value, CIPHERTEXT_LENGTH)),
      Version: parameter.version,
    },
  };
}

export const actions: Actions = { GetParameter: getParameter };
