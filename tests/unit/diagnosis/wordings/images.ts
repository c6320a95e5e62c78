import { PULL, ROLE, USER, type Wordings } from "../wordings.ts";

const ECR = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";

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
