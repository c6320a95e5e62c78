import { restoreSecretCommand } from "../typed_commands.ts";
import { actionOf, giveWayOut, inContainer, roleOf, secretOf, type SomeWords } from "./cause_words.ts";

const nameFile = (file: string | undefined) => file === undefined ? "an environment file" : `environment file ${file}`;

export const SECRET_WORDS = {
  secretNotFound: {
    what: (cause) => `${secretOf(cause)} does not exist${inContainer(cause)}`,
    saysAll: ({ about: { secret } }) => secret !== undefined,
    advice: (cause) =>
      `create ${secretOf(cause, "the secret or parameter")} in the task's region, or correct valueFrom in the task ` +
      "definition",
  },
  secretDeleted: {
    what: (cause) => `${secretOf(cause)} is marked for deletion${inContainer(cause)}`,
    saysAll: ({ about: { secret } }) => secret !== undefined,
    advice: ({ about: { secret = "NAME" } }) =>
      `take it out of the task definition, or restore it: ${restoreSecretCommand(secret)}`,
  },
  secretVersionMissing: {
    what: (cause) => `${secretOf(cause)} has no value in the version that the task wants${inContainer(cause)}`,
    advice: (cause) => `put a value into ${secretOf(cause, "the secret")}, or correct the version in valueFrom`,
  },
  secretKeyMissing: {
    what: (cause) =>
      `${secretOf(cause)} exists, but its JSON has no key ${cause.about.key ?? "of that name"}${inContainer(cause)}`,
    advice: (cause) =>
      `add the key ${cause.about.key ?? ""} to the JSON in ${secretOf(cause, "the secret")}, ` +
      "or correct valueFrom in the task definition, which asks for it",
    saysAll: ({ about: { secret, key } }) => secret !== undefined && key !== undefined,
  },
  secretNotJson: {
    what: (cause) => `the value of ${secretOf(cause)} is not the JSON that the task wants${inContainer(cause)}`,
    advice: () => "store a JSON object in the secret, or leave the key out of valueFrom",
  },
  secretDenied: {
    what: (cause) => `${roleOf(cause)} is not allowed to read ${secretOf(cause)}${inContainer(cause)}`,
    advice: (cause) =>
      `allow ${actionOf(cause, "secretsmanager:GetSecretValue or ssm:GetParameters")} on ${
        secretOf(cause, "the secret")
      } to ${roleOf(cause)}, ` +
      "and kms:Decrypt if it has a customer managed key",
  },
  keyDenied: {
    what: (cause) => `${roleOf(cause)} is not allowed to decrypt ${secretOf(cause)}${inContainer(cause)}`,
    advice: (cause) => `allow kms:Decrypt on the secret's key to ${roleOf(cause)}, in its policy and in the key's`,
  },
  secretUnreachable: {
    what: (cause) => `the tasks cannot reach Secrets Manager or Systems Manager${inContainer(cause)}`,
    advice: () => giveWayOut("Secrets Manager or Systems Manager", "secretsmanager, ssm, kms"),
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
    what: (cause) => `${roleOf(cause)} is not allowed to read ${nameFile(cause.about.file)}`,
    advice: (cause) =>
      `allow s3:GetObject on the file and s3:GetBucketLocation on its bucket to ${roleOf(cause)}; ` +
      "S3 answers the same for a file that is not there",
  },
  envFileUnreachable: {
    what: ({ about: { file } }) => `the tasks cannot reach S3 (${nameFile(file)})`,
    advice: () => giveWayOut("S3", "a gateway endpoint for s3"),
  },
  envFileNotRead: { what: ({ about: { file } }) => `${nameFile(file)} could not be read` },
  roleNotAssumed: {
    what: (cause) => `ECS cannot assume ${roleOf(cause, "a role of the task definition")}`,
    advice: (cause) =>
      `check that ${roleOf(cause, "the role")} exists, and that its trust policy names ecs-tasks.amazonaws.com`,
  },
} satisfies SomeWords;
