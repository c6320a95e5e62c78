import type { CauseCode } from "../../../diagnosis/cause.ts";
import { quoteArgument } from "../../../model/typed_commands.ts";
import { actionOf, inContainer, roleOf, secretOf, type WordsOf } from "./cause_words.ts";

type Codes = Extract<CauseCode, `secret${string}` | `envFile${string}` | "keyDenied" | "roleNotAssumed">;

const nameFile = (file: string | undefined) => file === undefined ? "an environment file" : `environment file ${file}`;

export const SECRET_WORDS: WordsOf<Codes> = {
  secretNotFound: {
    what: (cause) => `${secretOf(cause)} does not exist${inContainer(cause)}`,
    advice: (cause) =>
      `create ${secretOf(cause, "the secret or parameter")} in the task's region, or correct valueFrom in the task ` +
      "definition",
  },
  secretDeleted: {
    what: (cause) => `${secretOf(cause)} is marked for deletion${inContainer(cause)}`,
    advice: ({ about: { secret = "NAME" } }) =>
      `bring it back with aws secretsmanager restore-secret --secret-id ${
        quoteArgument(secret)
      }, or take it out of the task definition`,
  },
  secretVersionMissing: {
    what: (cause) => `${secretOf(cause)} has no value in the version that the task wants${inContainer(cause)}`,
    advice: (cause) => `put a value into ${secretOf(cause, "the secret")}, or correct the version in valueFrom`,
  },
  secretKeyMissing: {
    what: (cause) => `${secretOf(cause)} has no JSON key ${cause.about.key ?? "of that name"}${inContainer(cause)}`,
    advice: (cause) =>
      `add the key ${cause.about.key ?? ""} to the JSON of ${
        secretOf(cause, "the secret")
      }, which does exist, or correct ` +
      "the key in valueFrom",
  },
  secretNotJson: {
    what: (cause) => `the value of ${secretOf(cause)} is not the JSON that the task wants${inContainer(cause)}`,
    advice: () => "store a JSON object in the secret, or leave the key out of valueFrom",
  },
  secretDenied: {
    what: (cause) => `${roleOf(cause)} may not read ${secretOf(cause)}${inContainer(cause)}`,
    advice: (cause) =>
      `allow ${actionOf(cause, "secretsmanager:GetSecretValue or ssm:GetParameters")} on it to ${roleOf(cause)}, and ` +
      "kms:Decrypt where it has a key of its own",
  },
  keyDenied: {
    what: (cause) => `${roleOf(cause)} may not decrypt ${secretOf(cause)}${inContainer(cause)}`,
    advice: (cause) => `allow kms:Decrypt on the secret's key to ${roleOf(cause)}, in its policy and in the key's`,
  },
  secretUnreachable: {
    what: (cause) =>
      `Secrets Manager or Systems Manager cannot be reached from the task's subnets${inContainer(cause)}`,
    advice: () =>
      "give the subnets a route out (NAT gateway, or assignPublicIp ENABLED in a public subnet) or VPC endpoints " +
      "(secretsmanager, ssm, kms), and let the security group out to port 443",
  },
  secretNameInvalid: {
    what: (cause) => `valueFrom of a secret is not valid${inContainer(cause)}`,
    advice: () => "correct valueFrom: a secret's ARN may end with :JSON_KEY:STAGE:VERSION, a parameter's does not",
  },
  secretNotRead: { what: (cause) => `${secretOf(cause)} could not be read${inContainer(cause)}` },
  envFileNotFound: {
    what: ({ about: { file } }) => `${nameFile(file)} is not in S3`,
    advice: () => "put the file there, or correct environmentFiles in the container definition",
  },
  envFileDenied: {
    what: (cause) => `${roleOf(cause)} may not read ${nameFile(cause.about.file)}`,
    advice: (cause) =>
      `allow s3:GetObject on the file and s3:GetBucketLocation on its bucket to ${
        roleOf(cause)
      }; S3 answers the same ` +
      "for a file that is not there",
  },
  envFileUnreachable: {
    what: ({ about: { file } }) => `S3 cannot be reached from the task's subnets (${nameFile(file)})`,
    advice: () => "give the subnets a route out (NAT gateway, public IP), or make a gateway endpoint for s3",
  },
  envFileNotRead: { what: ({ about: { file } }) => `${nameFile(file)} could not be read` },
  roleNotAssumed: {
    what: (cause) => `ECS cannot assume ${roleOf(cause, "a role of the task definition")}`,
    advice: (cause) =>
      `check that ${roleOf(cause, "the role")} exists, and that its trust policy names ecs-tasks.amazonaws.com`,
  },
};
