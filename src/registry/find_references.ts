import { type ImageLocation, locateInEcr } from "../model/images.ts";
import { type Json, type JsonObject, objectIn, objectsIn, textIn, textsIn } from "../model/json.ts";
import { isForFargateOnly } from "../model/task_definition.ts";
import type { SecretVersion } from "../model/ports.ts";

/** Something that a task needs and that a task definition only names. */
export type Reference =
  & { readonly name: string }
  & Readonly<
    | { kind: "role" }
    | { kind: "image"; location: ImageLocation }
    /**
     * The current version of a secret in Secrets Manager, by the secret's full ARN, which ends before key and version.
     */
    | { kind: "secret"; version: SecretVersion }
    /** Another version of a secret, as it is written, without the key. */
    | { kind: "secretVersion"; version: SecretVersion }
    /** One key of the JSON in a secret, which a container gets alone: the whole of `valueFrom`. */
    | { kind: "secretKey"; key: string; version: SecretVersion }
    /** A log group that the agent is not to create; without a region, in the service's. */
    | { kind: "logGroup"; region: string | undefined }
    /** A parameter of Parameter Store, by name or ARN, with its version where it is named. */
    | { kind: "parameter" }
    /** A file in Amazon S3, by ARN: variables for a container, or settings for its log router. */
    | { kind: "file"; bucket: string; key: string }
    /**
     * A file system of Amazon EFS, by ID. Tasks on instances may reach one of another account by a name server of their
     * own, tasks on Fargate cannot (https://github.com/aws/containers-roadmap/issues/901).
     */
    | { kind: "fileSystem"; isOfThisAccount: boolean }
    /** An access point of Amazon EFS, by ID. */
    | { kind: "accessPoint"; fileSystem: string; isOfThisAccount: boolean }
    /** A target group, by ARN; with `needsIp`, its targets have to be IP addresses. */
    | { kind: "targetGroup"; needsIp: boolean }
    /** An image outside of Amazon ECR: only its registry knows whether it exists. */
    | { kind: "foreignImage" }
  >;

/** `arn:...:secret:NAME-SUFFIX`, and maybe `:json-key:version-stage:version-id`. */
const SECRET_ARN = /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*)(?::([^:]*)(?::([^:]*))?)?)?$/;

/**
 * The things that a task definition (in the API's JSON) names: roles, images, log groups, secrets, parameters, files,
 * file systems and access points. Each once, in the order of the task definition.
 */
export function findReferences(definition: JsonObject): Reference[] {
  const references = [
    ...textsIn([definition.executionRoleArn, definition.taskRoleArn]).map((name) => ({ kind: "role", name }) as const),
    ...objectsIn(definition.containerDefinitions).flatMap((container) => {
      const logging = objectIn(container.logConfiguration);
      const valuesOf = (secrets: Json | undefined) => objectsIn(secrets).map(({ valueFrom }) => valueFrom);
      const { credentialsParameter } = objectIn(container.repositoryCredentials);
      return [
        ...textsIn([container.image]).map(readImage),
        ...textsIn(valuesOf(container.secrets)).flatMap(readSecret),
        ...readLogGroup(logging),
        ...textsIn([...valuesOf(logging.secretOptions), credentialsParameter]).flatMap(readSecret),
        ...readFiles(container),
      ];
    }),
    ...readVolumes(definition),
  ];
  return eachOnce(references);
}

/**
 * The target groups that a service (in the API's JSON) names for tasks of a task definition, those for blue/green
 * deployments included. Each once.
 */
export function findServiceReferences(service: JsonObject, { networkMode }: JsonObject): Reference[] {
  const needsIp = networkMode === "awsvpc";
  return eachOnce(
    textsIn(
      objectsIn(service.loadBalancers).flatMap(({ targetGroupArn, advancedConfiguration }) => [
        targetGroupArn ?? null,
        objectIn(advancedConfiguration).alternateTargetGroupArn ?? null,
      ]),
    ).map((name) => ({ kind: "targetGroup", name, needsIp })),
  );
}

function eachOnce(references: readonly Reference[]): Reference[] {
  const unique = new Map(references.map((reference) => [`${reference.kind} ${reference.name}`, reference]));
  return [...unique.values()];
}

function readImage(name: string): Reference {
  const location = locateInEcr(name);
  return location === undefined ? { kind: "foreignImage", name } : { kind: "image", name, location };
}

function readSecret(name: string): Reference[] {
  const match = SECRET_ARN.exec(name);
  if (match === null) return [{ kind: "parameter", name }];
  const [, arn = "", key, stage, id] = match;
  const version = { arn, stage: stage || undefined, id: id || undefined };
  const secret: Reference = stage || id
    ? { kind: "secretVersion", name: `${arn}::${stage ?? ""}:${id ?? ""}`, version }
    : { kind: "secret", name: arn, version };
  return key ? [secret, { kind: "secretKey", name, key, version }] : [secret];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html */
function readLogGroup({ logDriver, options }: JsonObject): Reference[] {
  const { "awslogs-group": name, "awslogs-region": region, "awslogs-create-group": creates } = objectIn(options);
  const group = textIn(name);
  if (logDriver !== "awslogs" || group === undefined || creates === "true") return [];
  return [{ kind: "logGroup", name: group, region: textIn(region) }];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-efs-config.html */
function readVolumes(definition: JsonObject): Reference[] {
  const isOfThisAccount = isForFargateOnly(definition);
  return objectsIn(definition.volumes).flatMap(({ efsVolumeConfiguration }): Reference[] => {
    const { fileSystemId, authorizationConfig } = objectIn(efsVolumeConfiguration);
    const fileSystem = textIn(fileSystemId);
    const accessPoint = textIn(objectIn(authorizationConfig).accessPointId);
    if (fileSystem === undefined) return [];
    return [
      { kind: "fileSystem", name: fileSystem, isOfThisAccount },
      ...(accessPoint === undefined
        ? []
        : [{ kind: "accessPoint", name: accessPoint, fileSystem, isOfThisAccount } as const]),
    ];
  });
}

/** `arn:PARTITION:s3:::BUCKET/KEY` */
const S3_ARN = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/;

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html and
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-taskdef.html
 */
function readFiles({ environmentFiles, firelensConfiguration }: JsonObject): Reference[] {
  const options = objectIn(objectIn(firelensConfiguration).options);
  const ofRouter = options["config-file-type"] === "s3" ? [options["config-file-value"] ?? null] : [];
  return textsIn([...objectsIn(environmentFiles).map(({ value }) => value ?? null), ...ofRouter]).flatMap((name) => {
    const [, bucket, key] = S3_ARN.exec(name) ?? [];
    return bucket === undefined || key === undefined ? [] : [{ kind: "file", name, bucket, key }];
  });
}
