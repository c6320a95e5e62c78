/** Images that cannot be pulled: permissions, logins, limits, ways through the network. */
import { cannotPull, cannotStart, failsToStart } from "../../emulator/behaviours.ts";
import { ROLL_BACK, type Row, TRY_AGAIN } from "../row.ts";
import { APP, IMAGE, ON_EC2, OTHER_SUBNETS, REGISTRY, ROLE } from "../scene.ts";
import { DIGEST } from "./images.ts";

const AGENT = "aws/amazon-ecs-agent: ecs-agent/api/errors/error_messages.go";
const USER = "arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/0f9de17a6465404e8b1b2356dc13c2f8";
const REPOSITORY = "arn:aws:ecr:ap-northeast-1:123456789012:repository/myservice";
const ACME = "docker.io/acme/web:2.0.0";
const ACME_APP = { ...APP, image: "acme/web:2.0.0" };

const NO_WAY_TO_ECR =
  "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from " +
  "Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network " +
  "configuration. operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https " +
  "response error StatusCode: 0, RequestID: , request send failed, Post " +
  '"https://api.ecr.ap-northeast-1.amazonaws.com/": dial tcp 13.53.180.123:443: i/o timeout';

export const PULL_ROWS: readonly Row[] = [
  {
    name: "image: the role may not pull from ECR",
    source: AGENT,
    scene: {
      ...ON_EC2,
      fails: cannotPull(
        "Check if image exists and role 'ecsTaskExecutionRole' has permissions to pull images from Amazon ECR. Error " +
          `response from daemon: pull access denied for ${REGISTRY}/myservice, repository does not exist or may require ` +
          `'docker login': denied: User: ${USER} is not authorized to perform: ecr:BatchGetImage on resource: ` +
          `${REPOSITORY} because no identity-based policy allows the ecr:BatchGetImage action`,
      ),
    },
    expects: {
      code: "imageDenied",
      container: "app",
      cause: [/ecsTaskExecutionRole/, /ecr:BatchGetImage/],
      advice: [/policy|allow/],
      never: [/repositoryCredentials/, /route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: the role may not log in to ECR",
    source: "public reports since 2024 (AccessDeniedException of GetAuthorizationToken)",
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: " +
          "unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: User: " +
          `${USER} is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based ` +
          "policy allows the ecr:GetAuthorizationToken action status code: 400, request id: " +
          "66372395-f40d-41c3-8cf2-a18a60167fab",
      ),
    },
    expects: {
      code: "imageDenied",
      cause: [/ecsTaskExecutionRole/, /ecr:GetAuthorizationToken/],
      never: [/route to/, /secret exists/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: a registry besides ECR wants a login (Docker Hub)",
    source: "public reports (insufficient_scope)",
    scene: {
      containers: [ACME_APP],
      fails: cannotPull(
        `pull image manifest has been retried 1 time(s): failed to resolve ref ${ACME}: pull access denied, repository ` +
          "does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      ),
    },
    expects: {
      code: "registryLoginNeeded",
      container: "app",
      cause: [/image tag 2\.0\.0 of repository (?:docker\.io\/)?acme\/web/],
      advice: [/repositoryCredentials/],
      never: [/execution role may pull/, /route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: a registry besides ECR wants a login (ghcr.io)",
    source: "public reports (no basic auth credentials)",
    scene: {
      ...ON_EC2,
      containers: [{ ...APP, image: "ghcr.io/acme/web:2.0.0" }],
      fails: cannotPull(
        'Error response from daemon: Head "https://ghcr.io/v2/acme/web/manifests/2.0.0": no basic auth credentials',
      ),
    },
    expects: {
      code: "registryLoginNeeded",
      container: "app",
      cause: [/image tag 2\.0\.0 of repository ghcr\.io\/acme\/web/],
      advice: [/repositoryCredentials/],
      never: [/execution role may pull/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: the registry's pull limit",
    source: "public reports of 2025 (unauthenticated pull rate limit)",
    scene: {
      containers: [ACME_APP],
      fails: cannotPull(
        "pull image manifest has been retried 7 time(s): httpReadSeeker: failed open: unexpected status code " +
          `https://registry-1.docker.io/v2/acme/web/manifests/${DIGEST}: 429 Too Many Requests - Server message: ` +
          "toomanyrequests: You have reached your unauthenticated pull rate limit. " +
          "https://www.docker.com/increase-rate-limit",
      ),
    },
    expects: {
      code: "registryLimit",
      container: "app",
      cause: [/limit/],
      advice: [/repositoryCredentials|authenticate|log in/i, /pull-through cache|mirror/],
      never: [/execution role may pull/, /lifecycle policy/],
      next: TRY_AGAIN,
      isOfPlatform: true,
    },
  },
  {
    name: "image: no way to ECR",
    source: "public reports of 2025 (There is a connection issue)",
    scene: {
      fails: failsToStart(NO_WAY_TO_ECR),
    },
    expects: {
      code: "registryUnreachable",
      cause: [/ECR/, /reach|connect|network/],
      advice: [/NAT|VPC endpoint/, /subnet|route/],
      never: [/execution role/, /secret exists/],
      next: TRY_AGAIN,
    },
  },
  {
    name: "image: no way to ECR, from subnets that the deploy brings",
    source: "public reports of 2025 (There is a connection issue)",
    scene: {
      changes: { networkConfiguration: OTHER_SUBNETS },
      fails: failsToStart(NO_WAY_TO_ECR),
    },
    expects: {
      code: "registryUnreachable",
      cause: [/ECR/, /reach|connect|network/],
      advice: [
        /in other subnets or security groups, and the rollback restores them/,
        /NAT|VPC endpoint/,
        /subnet|route/,
      ],
      never: [/execution role/, /secret exists/],
      next: /ecspresso rollback --revision 2 --from 3 --restore service$/m,
    },
  },
  {
    name: "image: no way to the layers in S3",
    source: "public reports (ref pull has been retried ... dial tcp ... i/o timeout)",
    scene: {
      fails: cannotPull(
        "ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get " +
          '"https://prod-ap-northeast-1-starport-layer-bucket.s3.ap-northeast-1.amazonaws.com/d1d1d1": dial tcp ' +
          "52.219.199.138:443: i/o timeout",
      ),
    },
    expects: {
      code: "registryUnreachable",
      container: "app",
      cause: [/reach|connect|network|time/],
      advice: [/S3|s3/, /NAT|VPC endpoint/],
      never: [/execution role/, /lifecycle policy/],
      next: TRY_AGAIN,
    },
  },
  {
    name: "image: the registry's name is not resolved",
    source: "public reports (lookup ... no such host)",
    scene: {
      fails: cannotPull(
        `pull image manifest has been retried 5 time(s): failed to resolve ref ${IMAGE}: failed to do request: Head ` +
          `"https://${REGISTRY}/v2/myservice/manifests/2.0.0": dial tcp: lookup ${REGISTRY} on 10.0.0.2:53: no such host`,
      ),
    },
    expects: {
      code: "registryNotResolved",
      container: "app",
      cause: [/resolve|DNS|no such host/],
      advice: [/enableDnsSupport|DNS/],
      never: [/execution role/, /lifecycle policy/],
      next: ROLL_BACK,
    },
  },
  {
    name: "image: ECS cannot assume the execution role",
    source: "public reports, the same words since 2019 (failed to launch a task with)",
    scene: {
      fails: cannotStart(
        `failed to launch a task with (error ECS was unable to assume the role '${ROLE}' that was provided for this ` +
          "task. Please verify that the role being passed has the proper trust relationship and permissions and that " +
          "your IAM user has permissions to pass this role.).",
      ),
    },
    expects: {
      code: "roleNotAssumed",
      cause: [/ecsTaskExecutionRole/],
      advice: [/ecs-tasks\.amazonaws\.com/, /trust/],
      never: [/cpu or memory/, /add capacity/i],
      next: ROLL_BACK,
    },
  },
];
