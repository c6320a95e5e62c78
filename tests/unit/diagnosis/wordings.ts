import type { CauseCode, CauseSubject } from "../../../src/diagnosis/cause.ts";

/** How ECS words one cause, from AWS's pages and from public reports, and what has to come of it. */
export interface Wordings {
  readonly code: CauseCode;
  /** Each text with what it names. */
  readonly texts: readonly (readonly [text: string, about?: CauseSubject])[];
  /** What the sentence about it says. */
  readonly what: RegExp;
  /** `undefined`: no advice, for the texts name no cause. */
  readonly advice: RegExp | undefined;
}

const ECR = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
const USER = "User: arn:aws:sts::123456789012:assumed-role/web-execution/4f1e2d3c";
const ROLE = "web-execution";
const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:prod/db-AbCdEf";
const PULL = "ResourceInitializationError: unable to pull secrets or registry auth: ";

export const IMAGE_WORDINGS: readonly Wordings[] = [
  {
    code: "imageNotFound",
    texts: [
      [
        `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${ECR}/web:1.9: ` +
        `${ECR}/web:1.9: not found`,
        { image: `${ECR}/web:1.9` },
      ],
      [
        `CannotPullContainerError: Error response from daemon: manifest for ${ECR}/web:1.9 not found: manifest unknown: ` +
        "Requested image not found",
        { image: `${ECR}/web:1.9` },
      ],
      [
        "CannotPullContainerError: inspect image has been retried 1 time(s): failed to resolve ref docker.io/acme/web:1: not found",
        {
          image: "docker.io/acme/web:1",
        },
      ],
    ],
    what:
      /^image (?:tag 1 of repository docker.io\/acme\/web not found in Docker Hub|tag 1\.9 of repository web not found in ECR)/,
    advice: /^push image tag \S+ of repository \S+, or change the task definition to a tag that exists/,
  },
  {
    code: "repositoryNotFound",
    texts: [
      [
        `CannotPullContainerError: API error (404): repository ${ECR}/shop/web not found`,
      ],
      [
        "CannotPullContainerError: failed to resolve reference: name unknown: The repository with name 'web' does not exist " +
        "in the registry with id '123456789012'",
      ],
      [
        `CannotPullContainerError: The task can’t pull the image. Check whether the image exists. Error response from daemon: ` +
        `pull access denied for ${ECR}/web, repository does not exist or may require 'docker login': denied: requested ` +
        "access to the resource is denied",
        { image: `${ECR}/web` },
      ],
    ],
    what: /^the repository of .*does not exist/,
    advice: /account, the region and the spelling/,
  },
  {
    code: "imageDenied",
    texts: [
      [
        `CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images ` +
        `from the registry. Error response from daemon: pull access denied for ${ECR}/web, repository does not exist or may ` +
        `require 'docker login': denied: ${USER} is not authorized to perform: ecr:BatchGetImage on resource: ` +
        "arn:aws:ecr:ap-northeast-1:123456789012:repository/web because no identity-based policy allows the " +
        "ecr:BatchGetImage action",
        { image: `${ECR}/web`, role: ROLE, action: "ecr:BatchGetImage" },
      ],
      [
        `${PULL}execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 ` +
        "time(s): operation error ECR: GetAuthorizationToken, https response error StatusCode: 400, RequestID: " +
        `0f6d8a2e-3b1c-4d5e-8f90-a1b2c3d4e5f6, api error AccessDeniedException: ${USER} is not authorized to perform: ` +
        "ecr:GetAuthorizationToken on resource: * because no identity-based policy allows it",
        { registry: "ecr", role: ROLE, action: "ecr:GetAuthorizationToken" },
      ],
      [
        `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${ECR}/web:1: ` +
        `pulling from host ${ECR} failed with status code [manifests 1]: 403 Forbidden`,
        { image: `${ECR}/web:1` },
      ],
      [
        "CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: " +
        "unexpected status code https://prod-ap-northeast-1-starport-layer-bucket.s3.ap-northeast-1.amazonaws.com/x: 403 " +
        "Forbidden - Server message: unknown",
      ],
    ],
    what:
      /^(?:role web-execution|the execution role) is not allowed to pull (?:the image|image tag 1 of repository web)/,
    advice: /^allow ecr:\w+.* to (?:role web-execution|the execution role);.*the policies of the repository/,
  },
  {
    code: "registryLoginNeeded",
    texts: [
      [
        "CannotPullContainerError: Error response from daemon: pull access denied for acme/web, repository does not exist or " +
        "may require 'docker login': denied: requested access to the resource is denied",
        { image: "acme/web" },
      ],
      [
        "CannotPullContainerError: Error response from daemon: Get https://registry.example.com/v2/acme/web/manifests/1: no " +
        "basic auth credentials",
        { registry: "registry.example.com" },
      ],
      [
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " +
        "docker.io/library/repository:latest: pull access denied, repository does not exist or may require authorization: " +
        "server message: insufficient_scope: authorization failed",
        { image: "docker.io/library/repository:latest" },
      ],
    ],
    what: /wants a login for/,
    advice: /repositoryCredentials.*no IAM role/,
  },
  {
    code: "registryLimit",
    texts: [
      [
        "CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status " +
        "code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:0f6d8a: 429 Too Many Requests - Server message: " +
        "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: " +
        "https://www.docker.com/increase-rate-limit",
        { registry: "registry-1.docker.io" },
      ],
      ["CannotPullContainerError: Error response from daemon: toomanyrequests: Rate exceeded"],
    ],
    what: /pull limit of .* is used up/,
    advice: /^pull with a login.*pull-through cache/,
  },
  {
    code: "registryUnreachable",
    texts: [
      [
        `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${ECR}/web:1: failed ` +
        `to do request: Head "https://${ECR}/v2/web/manifests/1": dial tcp 52.69.1.2:443: i/o timeout`,
        { image: `${ECR}/web:1` },
      ],
      [
        `${PULL}The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ` +
        "ECR. Check your task network configuration. operation error ECR: GetAuthorizationToken, exceeded maximum number of " +
        "attempts, 3, https response error StatusCode: 0, RequestID: , request send failed, Post " +
        '"https://api.ecr.ap-northeast-1.amazonaws.com/": dial tcp 3.28.72.11:443: i/o timeout',
        { registry: "ECR" },
      ],
      [
        `CannotPullContainerError: API error (500): Get https://${ECR}/v2/: net/http: request canceled while waiting for connection`,
        { registry: ECR },
      ],
      ["CannotPullContainerError: context canceled"],
      [`${PULL}pull command failed: : signal: killed`],
    ],
    what: /^the tasks cannot reach (?:ECR|the image registry)/,
    advice: /NAT gateway.*assignPublicIp.*VPC endpoints.*ecr\.api, ecr\.dkr, s3.*outbound port 443/,
  },
  {
    code: "registryNotResolved",
    texts: [
      [
        "CannotPullContainerError: Error response from daemon: Get " +
        '"https://123456789012.dkr.ecr.us-west-2.amazonaws.commmmm/v2/": dial tcp: lookup ' +
        "123456789012.dkr.ecr.us-west-2.amazonaws.commmmm on 10.0.0.2:53: no such host",
        {
          registry: "123456789012.dkr.ecr.us-west-2.amazonaws.commmmm",
          host: "123456789012.dkr.ecr.us-west-2.amazonaws.commmmm",
        },
      ],
      [
        "CannotPullContainerError: failed to resolve ref registry.example.com/web:1: failed to do request: Head " +
        '"https://registry.example.com/v2/web/manifests/1": dial tcp: lookup registry.example.com: no such host',
        { image: "registry.example.com/web:1", host: "registry.example.com" },
      ],
    ],
    what: /^DNS does not know (?:123456789012\.dkr\.ecr\.us-west-2\.amazonaws\.commmmm|registry\.example\.com)/,
    advice: /spelling.*enableDnsSupport.*DHCP/,
  },
  {
    code: "imagePlatform",
    texts: [
      ["CannotPullContainerError: no matching manifest for linux/arm64/v8 in the manifest list entries", {
        platform: "linux/arm64/v8",
      }],
      [
        `CannotPullContainerError: pull image manifest has been retried 5 time(s): image Manifest does not contain descriptor ` +
        "matching platform 'linux/amd64'",
        { platform: "linux/amd64" },
      ],
      ["CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: exec format error"],
    ],
    what: /is not built for (?:linux\/a|the task's CPU architecture)/,
    advice: /^build the image for.*runtimePlatform\.cpuArchitecture/,
  },
  {
    code: "diskFull",
    texts: [
      ["CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device"],
      [
        "CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:0f6d8a: write " +
        "/usr/lib/x: no space left on device: unknown",
      ],
      [
        "CannotCreateContainerError: API error (500): devmapper: Thin Pool has 4350 free data blocks which is less than " +
        "minimum required 4454 free data blocks.",
      ],
    ],
    what: /no space left/,
    advice: /ephemeralStorage.*container instance/,
  },
  {
    code: "imageNameInvalid",
    texts: [
      ["CannotPullContainerError: invalid reference format"],
      ["CannotPullContainerError: Error response from daemon: invalid reference format: repository name must be lowercase"],
    ],
    what: /is not valid/,
    advice: /correct image in the container definition/,
  },
  {
    code: "imageBroken",
    texts: [
      ["CannotPullContainerError: failed to register layer: Error processing tar file(exit status 1): unexpected EOF"],
      ["CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:0f6d8a: invalid checksum"],
    ],
    what: /cannot be unpacked/,
    advice: /build and push the image again/,
  },
  {
    code: "imageNotPulled",
    texts: [
      ["CannotPullContainerError: something that nobody has seen yet"],
      ["CannotPullImageManifestError: Error response from daemon: a new kind of trouble"],
    ],
    what: /could not be pulled/,
    advice: undefined,
  },
];

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
