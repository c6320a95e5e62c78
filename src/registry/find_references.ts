import { type Json, type JsonObject, objectIn, objectsIn, textIn } from "../model/json.ts";
import type { ImageLocation, SecretVersion } from "../model/ports.ts";

/** Something that a task needs and that a task definition only names. */
export type Reference =
  | { readonly kind: "role"; readonly name: string }
  | { readonly kind: "image"; readonly name: string; readonly location: ImageLocation }
  /** Of Secrets Manager, by its full ARN, without the key and the version that may follow it. */
  | { readonly kind: "secret"; readonly name: string }
  /** What of a secret a container gets, where that is one key of its JSON: all of `valueFrom`. */
  | { readonly kind: "secret key"; readonly name: string; readonly key: string; readonly version: SecretVersion }
  /** Of CloudWatch Logs, where the agent is not to create it; without a region that of the service. */
  | { readonly kind: "log group"; readonly name: string; readonly region: string | undefined }
  /** Of Parameter Store, by name or ARN. */
  | { readonly kind: "parameter"; readonly name: string }
  /** An image that is elsewhere than in Amazon ECR: only its registry knows it. */
  | { readonly kind: "foreign image"; readonly name: string };

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const ECR_IMAGE =
  /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/;
/** `arn:...:secret:NAME-SUFFIX`, and maybe `:json-key:version-stage:version-id`. */
const SECRET_ARN = /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*)(?::([^:]*)(?::([^:]*))?)?)?$/;

/**
 * What a task definition (in the API's JSON) names: roles, images, log groups, secrets and parameters. Each once, in
 * its order.
 */
export function findReferences(definition: JsonObject): Reference[] {
  const containers = objectsIn(definition.containerDefinitions);
  const references = [
    ...[definition.executionRoleArn, definition.taskRoleArn].flatMap(readRole),
    ...containers.flatMap((container) => [
      ...readImage(container.image),
      ...objectsIn(container.secrets).flatMap(({ valueFrom }) => readSecret(valueFrom)),
      ...readLogGroup(objectIn(container.logConfiguration)),
      ...objectsIn(objectIn(container.logConfiguration).secretOptions).flatMap(({ valueFrom }) =>
        readSecret(valueFrom)
      ),
      ...readSecret(objectIn(container.repositoryCredentials).credentialsParameter),
    ]),
  ];
  const unique = new Map(references.map((reference) => [`${reference.kind} ${reference.name}`, reference]));
  return [...unique.values()];
}

function readRole(value: Json | undefined): Reference[] {
  return typeof value === "string" && value !== "" ? [{ kind: "role", name: value }] : [];
}

function readImage(value: Json | undefined): Reference[] {
  if (typeof value !== "string" || value === "") return [];
  const match = ECR_IMAGE.exec(value);
  if (match === null) return [{ kind: "foreign image", name: value }];
  const [, registryId, region, repository, tag, digest] = match;
  const version = digest === undefined ? { tag: tag ?? "latest" } : { digest };
  return [{
    kind: "image",
    name: value,
    location: { registryId: registryId!, region: region!, repository: repository!, version },
  }];
}

function readSecret(value: Json | undefined): Reference[] {
  if (typeof value !== "string" || value === "") return [];
  const match = SECRET_ARN.exec(value);
  if (match === null) return [{ kind: "parameter", name: value }];
  const [, arn = "", key, stage, id] = match;
  const secret: Reference = { kind: "secret", name: arn };
  if (!key) return [secret];
  return [secret, {
    kind: "secret key",
    name: value,
    key,
    version: { arn, stage: stage || undefined, id: id || undefined },
  }];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html */
function readLogGroup({ logDriver, options }: JsonObject): Reference[] {
  const { "awslogs-group": name, "awslogs-region": region, "awslogs-create-group": creates } = objectIn(options);
  const group = textIn(name);
  if (logDriver !== "awslogs" || group === undefined || creates === "true") return [];
  return [{ kind: "log group", name: group, region: textIn(region) }];
}
