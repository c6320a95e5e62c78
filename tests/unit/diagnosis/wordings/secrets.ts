import { PULL, ROLE, USER, type Wordings } from "../wordings.ts";

const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:prod/db-AbCdEf";

export const SECRET_WORDINGS: readonly Wordings[] = [
  {
    code: "secretNotFound",
    texts: [
      [
        `${PULL}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 ` +
        `time(s): failed to fetch secret ${SECRET} from secrets manager: ResourceNotFoundException: Secrets Manager can't ` +
        "find the specified secret.",
        { secret: SECRET },
      ],
      ["Fetching secret data from SSM Parameter Store in ap-northeast-1: invalid parameters: /db/password", {
        secret: "/db/password",
      }],
      [
        `${PULL}execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 ` +
        "time(s): invalid parameters: /prod/db/password",
        { secret: "/prod/db/password" },
      ],
    ],
    what: /^(?:secret prod\/db|parameter \/(?:prod\/)?db\/password) does not exist/,
    advice: /^create (?:secret prod\/db|parameter \/(?:prod\/)?db\/password).*valueFrom/,
  },
  {
    code: "secretDeleted",
    texts: [
      [
        `${PULL}execution resource retrieval failed: unable to retrieve secret from asm: failed to fetch secret ${SECRET} from ` +
        "secrets manager: InvalidRequestException: You can't perform this operation on the secret because it was marked for " +
        "deletion.",
        { secret: SECRET },
      ],
      [
        `Fetching secret data from AWS Secrets Manager in region ap-northeast-1: secret ${SECRET}: InvalidRequestException: You can’t perform this operation on the secret because it was marked deleted.`,
        { secret: SECRET },
      ],
    ],
    what: /^secret prod\/db is marked for deletion/,
    advice: /restore-secret --secret-id arn:aws:secretsmanager/,
  },
  {
    code: "secretVersionMissing",
    texts: [
      [
        `${PULL}unable to retrieve secret from asm: failed to fetch secret ${SECRET} from secrets manager: ` +
        "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT.",
        { secret: SECRET },
      ],
      [
        `${PULL}unable to retrieve secret from asm: failed to fetch secret ${SECRET} from secrets manager: ` +
        "ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: 0f6d8a2e-3b1c-4d5e-8f90-a1b2c3d4e5f6",
        { secret: SECRET },
      ],
    ],
    what: /has no value in the version/,
    advice: /put a value into secret prod\/db/,
  },
  {
    code: "secretKeyMissing",
    texts: [
      [
        `${PULL}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 ` +
        "time(s): retrieved secret from Secrets Manager did not contain json key DB_PASSWORD",
        { key: "DB_PASSWORD" },
      ],
      [
        "Fetching secret data from AWS Secrets Manager in region ap-northeast-1: retrieved secret from Secrets Manager did not contain json key DB_PASSWORD",
        { key: "DB_PASSWORD" },
      ],
    ],
    what: /its JSON has no key DB_PASSWORD/,
    advice: /add the key DB_PASSWORD to the JSON in the secret/,
  },
  {
    code: "secretNotJson",
    texts: [
      [`${PULL}unable to retrieve secret from asm: invalid character 'p' looking for beginning of value`],
      [`${PULL}unable to get registry auth from asm: asm fetching username: AuthorizationData is malformed, empty field`],
    ],
    what: /is not the JSON/,
    advice: /JSON object/,
  },
  {
    code: "secretDenied",
    texts: [
      [
        `${PULL}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 ` +
        `time(s): failed to fetch secret ${SECRET} from secrets manager: AccessDeniedException: ${USER} is not authorized to ` +
        `perform: secretsmanager:GetSecretValue on resource: ${SECRET} because no identity-based policy allows the ` +
        "secretsmanager:GetSecretValue action status code: 400, request id: 0f6d8a2e-3b1c-4d5e-8f90-a1b2c3d4e5f6",
        { secret: SECRET, role: ROLE, action: "secretsmanager:GetSecretValue" },
      ],
      [
        `Fetching secret data from SSM Parameter Store in ap-northeast-1: AccessDeniedException: ${USER} is not authorized to ` +
        "perform: ssm:GetParameters on resource: arn:aws:ssm:ap-northeast-1:123456789012:parameter/db/password",
        {
          role: ROLE,
          action: "ssm:GetParameters",
          secret: "arn:aws:ssm:ap-northeast-1:123456789012:parameter/db/password",
        },
      ],
    ],
    what: /^role web-execution is not allowed to read (?:secret prod\/db|parameter \/db\/password)/,
    advice:
      /^allow (?:secretsmanager:GetSecretValue|ssm:GetParameters) on \w+ \S+ to role web-execution, and kms:Decrypt/,
  },
  {
    code: "keyDenied",
    texts: [
      [
        `${PULL}unable to retrieve secret from asm: failed to fetch secret ${SECRET} from secrets manager: ` +
        "AccessDeniedException: Access to KMS is not allowed",
        { secret: SECRET },
      ],
      [
        `${PULL}unable to retrieve secrets from ssm: AccessDeniedException: ${USER} is not authorized to perform: kms:Decrypt ` +
        "on resource: arn:aws:kms:ap-northeast-1:123456789012:key/0f6d8a2e-3b1c-4d5e-8f90-a1b2c3d4e5f6",
        { role: ROLE, action: "kms:Decrypt" },
      ],
    ],
    what: /is not allowed to decrypt/,
    advice: /kms:Decrypt.*and in the key's/,
  },
  {
    code: "secretUnreachable",
    texts: [
      [
        `${PULL}unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check ` +
        "your task network configuration. failed to fetch secret from secrets manager: RequestCanceled: request context " +
        "canceled caused by: context deadline exceeded",
      ],
      [
        `${PULL}execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 ` +
        "time(s): RequestCanceled: request context canceled caused by: context deadline exceeded",
      ],
    ],
    what: /^the tasks cannot reach/,
    advice: /secretsmanager, ssm, kms/,
  },
  {
    code: "secretNameInvalid",
    texts: [
      [
        `${PULL}unable to retrieve secret from asm: failed to fetch secret ${SECRET} from secrets manager: InvalidParameter: 1 ` +
        "validation error(s) found. - minimum field size of 32, GetSecretValueInput.VersionId.",
        { secret: SECRET },
      ],
      [`${PULL}unable to retrieve secret from asm: unexpected ARN format with parameters when trying to retrieve ASM secret`],
    ],
    what: /valueFrom of a secret is not valid/,
    advice: /:JSON_KEY:STAGE:VERSION/,
  },
  {
    code: "secretNotRead",
    texts: [
      [`${PULL}unable to retrieve secret from asm: a trouble that nobody has seen`],
      ["Fetching secret data from SSM Parameter Store in ap-northeast-1: InternalServerError: again later"],
    ],
    what: /could not be read/,
    advice: undefined,
  },
  {
    code: "envFileNotFound",
    texts: [
      ["ResourceInitializationError: failed to download env files: file download command: non empty error stream: service call has been retried 1 time(s): NoSuchKey: The specified key does not exist."],
      [
        "unable to download env file with key prod/web.env from bucket acme-config, error: NotFound: Not Found status code: 404, request id: 0F6D8A2E3B1C4D5E",
        { file: "prod/web.env" },
      ],
    ],
    what: /is not in S3/,
    advice: /environmentFiles/,
  },
  {
    code: "envFileDenied",
    texts: [
      ["ResourceInitializationError: failed to download env files: service call has been retried 1 time(s): operation error S3: HeadObject, https response error StatusCode: 403, api error Forbidden: Forbidden."],
      [
        "unable to download env file with key prod/web.env from bucket acme-config, error: AccessDenied: Access Denied",
        { file: "prod/web.env" },
      ],
    ],
    what: /is not allowed to read (?:an environment file|environment file prod\/web\.env)/,
    advice: /s3:GetObject.*not there/,
  },
  {
    code: "envFileNotRead",
    // https://github.com/aws/amazon-ecs-agent/blob/master/agent/taskresource/envFiles/envfile.go
    texts: [
      ["environment file resource: unable to find execution role credentials"],
      [
        "unable to parse bucket and key from s3 ARN specified in environmentFile arn:aws:s3:::team-config, error: invalid s3 " +
        "arn: arn:aws:s3:::team-config",
        { file: "team-config" },
      ],
    ],
    what: /^(?:an environment file|environment file team-config) could not be read$/,
    advice: undefined,
  },
  {
    code: "envFileUnreachable",
    texts: [
      ["ResourceInitializationError: failed to download env files: file download command: non empty error stream: RequestCanceled: request context canceled caused by: context deadline exceeded"],
      ['ResourceInitializationError: failed to download env files: RequestError: send request failed caused by: Head "https://acme-config.s3.ap-northeast-1.amazonaws.com/web.env": dial tcp 52.219.1.1:443: i/o timeout'],
    ],
    what: /^the tasks cannot reach S3/,
    advice: /gateway endpoint for s3/,
  },
  {
    code: "roleNotAssumed",
    texts: [
      [
        "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/webTaskRole' that was provided for this task. Please " +
        "verify that the role being passed has the proper trust relationship and permissions and that your IAM user has " +
        "permissions to pass this role.",
        { role: "arn:aws:iam::123456789012:role/webTaskRole" },
      ],
      [
        "failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/webTaskRole' that " +
        "was provided for this task.)",
        { role: "arn:aws:iam::123456789012:role/webTaskRole" },
      ],
    ],
    what: /^ECS cannot assume role webTaskRole/,
    advice: /role webTaskRole exists.*ecs-tasks\.amazonaws\.com/,
  },
];
