/** Secrets, parameters and environment files that a task does not get. */
import { failsToStart } from "../../emulator/behaviours.ts";
import { ROLL_BACK, type Row } from "../row.ts";
import { APP } from "../scene.ts";

const USER = "arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/0f9de17a6465404e8b1b2356dc13c2f8";
const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key-AbCdEf";
const PARAMETER = "arn:aws:ssm:ap-northeast-1:123456789012:parameter/myservice/api_key";
const RETRIEVAL =
  "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval " +
  "failed: ";
const REPORTS = "public reports of ResourceInitializationError on Fargate";
const FROM_ASM = `${RETRIEVAL}unable to retrieve secret from asm: service call has been retried 1 time(s): `;
const FROM_SSM = `${RETRIEVAL}unable to retrieve secrets from ssm: service call has been retried 1 time(s): `;

export const SECRET_ROWS: readonly Row[] = [
  {
    name: "secret: it does not exist",
    source: "https://repost.aws/knowledge-center/ecs-unable-to-pull-secrets",
    scene: {
      fails: failsToStart(
        `${FROM_ASM}failed to fetch secret ${SECRET} from secrets manager: ResourceNotFoundException: Secrets Manager ` +
          "can't find the specified secret.",
      ),
    },
    expects: {
      code: "secretNotFound",
      cause: [/myservice\/api_key/, /not found|does not exist|not there/],
      never: [/route to/, /decrypt/],
      next: ROLL_BACK,
    },
  },
  {
    name: "secret: AWS's newer words, it is not in the region",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html",
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: The " +
          `task can't pull the secret from Secrets Manager. The task can't retrieve the secret with ARN '${SECRET}' from ` +
          "Secrets Manager. Check whether the secret exists in the specified Region. ResourceNotFoundException: Secrets " +
          "Manager can't find the specified secret.",
      ),
    },
    expects: {
      code: "secretNotFound",
      cause: [/myservice\/api_key/, /not found|does not exist|not there/],
      never: [/route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "secret: the role may not read it",
    source: REPORTS,
    scene: {
      fails: failsToStart(
        `${FROM_ASM}failed to fetch secret ${SECRET} from secrets manager: AccessDeniedException: User: ${USER} is not ` +
          `authorized to perform: secretsmanager:GetSecretValue on resource: ${SECRET} because no identity-based policy ` +
          "allows the secretsmanager:GetSecretValue action status code: 400, request id: 64162bbf-4ebe-413a-8a3e-9aa05ddfa835",
      ),
    },
    expects: {
      code: "secretDenied",
      cause: [/ecsTaskExecutionRole/, /secretsmanager:GetSecretValue|myservice\/api_key/],
      never: [/secret exists/, /route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "secret: the key does not let the role decrypt it",
    source: "Secrets Manager's words (Access to KMS is not allowed)",
    scene: {
      fails: failsToStart(
        `${FROM_ASM}failed to fetch secret ${SECRET} from secrets manager: AccessDeniedException: Access to KMS is not ` +
          "allowed status code: 400, request id: 0a2b2f6e-1c57-4a51-9d4e-6c1d7f7a9e11",
      ),
    },
    expects: {
      code: "keyDenied",
      cause: [/KMS|key/],
      advice: [/kms:Decrypt/],
      never: [/secret exists/, /route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "secret: it has no such key in its JSON",
    source: `${REPORTS}, and DEFRA/cdp-portal-backend's recorded event`,
    scene: {
      containers: [{ ...APP, secrets: [{ name: "API_KEY", valueFrom: `${SECRET}:API_KEY::` }] }],
      fails: failsToStart(`${FROM_ASM}retrieved secret from Secrets Manager did not contain json key API_KEY`),
    },
    expects: {
      code: "secretKeyMissing",
      container: "app",
      cause: [/API_KEY/, /secret myservice\/api_key/],
      never: [/secret exists/, /execution role/, /route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "secret: no way to Secrets Manager",
    source: `${REPORTS} (There is a connection issue)`,
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: There " +
          "is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. failed " +
          `to fetch secret ${SECRET} from secrets manager: operation error Secrets Manager: GetSecretValue, https ` +
          "response error StatusCode: 0, RequestID: , canceled, context deadline exceeded",
      ),
    },
    expects: {
      code: "secretUnreachable",
      cause: [/Secrets Manager/, /reach|connect|network/],
      advice: [/NAT|VPC endpoint/, /subnet|route/],
      never: [/secret exists/, /execution role/],
      next: ROLL_BACK,
    },
  },
  {
    name: "parameter: it does not exist",
    source: `${REPORTS} (invalid ssm parameters)`,
    scene: { fails: failsToStart(`${FROM_SSM}invalid ssm parameters: /myservice/api_key`) },
    expects: {
      code: "secretNotFound",
      cause: [/\/myservice\/api_key/, /not found|does not exist|not there/],
      never: [/route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "parameter: the role may not read it",
    source: `${REPORTS} (ssm:GetParameters)`,
    scene: {
      fails: failsToStart(
        `${FROM_SSM}operation error SSM: GetParameters, https response error StatusCode: 400, RequestID: ` +
          `3e1f5f5e-64ab-4a0f-8a2d-3a0b5f3e2b11, api error AccessDeniedException: User: ${USER} is not authorized to ` +
          `perform: ssm:GetParameters on resource: ${PARAMETER} because no identity-based policy allows the ` +
          "ssm:GetParameters action",
      ),
    },
    expects: {
      code: "secretDenied",
      cause: [/ecsTaskExecutionRole/, /ssm:GetParameters|myservice\/api_key/],
      never: [/route to/, /exists/],
      next: ROLL_BACK,
    },
  },
  {
    name: "parameter: no way to Systems Manager",
    source: `${REPORTS} (context deadline exceeded)`,
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: The " +
          "task cannot pull secrets from AWS Systems Manager. There is a connection issue between the task and AWS " +
          "Systems Manager Parameter Store. Check your task network configuration. RequestCanceled: request context " +
          "canceled caused by: context deadline exceeded",
      ),
    },
    expects: {
      code: "secretUnreachable",
      cause: [/Systems Manager|Parameter Store|SSM/, /reach|connect|network/],
      advice: [/NAT|VPC endpoint/],
      never: [/execution role/],
      next: ROLL_BACK,
    },
  },
  {
    name: "environment file: S3 refuses it",
    source: `${REPORTS} (failed to download env files)`,
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: failed to download env files: service call has been retried 1 time(s): operation " +
          "error S3: HeadObject, https response error StatusCode: 403, RequestID: 8T1W9ZK0Q9, HostID: abc=, api error " +
          "Forbidden: Forbidden",
      ),
    },
    expects: {
      code: "envFileDenied",
      cause: [/environment file/i],
      advice: [/s3:GetObject/],
      never: [/secret exists/],
      next: ROLL_BACK,
    },
  },
];
