import type { Parameter } from "@aws-sdk/client-ssm";
import { regionOf } from "../model/arn.ts";
import { LazyApi } from "./lazy_api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { checkNamed, optionalText, required, text, undefinedWhen } from "./read_answer.ts";

/** Connects to AWS Secrets Manager. A secret's ARN says in which region it is. */
export function openSecrets(options: ConnectionOptions) {
  return new LazyApi(options, () => import("./clients/secrets_manager.ts"), (sdk) => sdk.SecretsManagerClient);
}

/** AWS's error where there is no such secret, or no such version of it. */
export const NO_SECRET = ["ResourceNotFoundException"];

/** Returns a function that reads a secret without its value, by name or ARN; `undefined` where there is none. */
export function describeSecrets(secrets: ReturnType<typeof openSecrets>) {
  return (id: string, signal: AbortSignal) => {
    const reading = secrets.read((sdk) => new sdk.DescribeSecretCommand({ SecretId: id }), signal, (answer) => {
      const { ARN, KmsKeyId, DeletedDate, VersionIdsToStages = {} } = answer;
      checkNamed(ARN, "ARN");
      // A secret that is scheduled for deletion has no value to read.
      const stages = DeletedDate === undefined ? new Map(Object.entries(VersionIdsToStages)) : undefined;
      return { arn: text(ARN, "ARN"), key: optionalText(KmsKeyId, "KmsKeyId"), stages };
    }, regionOf(id));
    return undefinedWhen(NO_SECRET, reading);
  };
}

/**
 * Returns a function that looks up a parameter of Parameter Store, by name or ARN; `undefined` where there is none.
 *
 * @param read takes what is needed from a parameter
 */
export function readParameters<Result>(
  options: ConnectionOptions,
  isDecrypted: boolean,
  read: (parameter: Parameter) => Result,
) {
  const parameters = new LazyApi(options, () => import("./clients/ssm.ts"), (sdk) => sdk.SSMClient);
  return (name: string, signal: AbortSignal) => {
    const reading = parameters.read(
      (sdk) => new sdk.GetParameterCommand({ Name: name, WithDecryption: isDecrypted }),
      signal,
      ({ Parameter }) => read(required(Parameter, "Parameter")),
      regionOf(name),
    );
    return undefinedWhen(["ParameterNotFound", "ParameterVersionNotFound"], reading);
  };
}
