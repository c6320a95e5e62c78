import { DENIED, NO_CONNECTION, NOT_RESOLVED, type TextRules } from "./text_rules.ts";

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html */
export const LOG_TEXTS: TextRules = {
  within: /logger args|logging driver|log driver|log (?:stream|group)|cloudwatch|\blogs:|awslogs|log opt|firelens/i,
  rules: [
    // `cannot find the log group` comes before this as well.
    ["logUnreachable", /connection issue between/i],
    ["logDenied", DENIED],
    ["logGroupMissing", /log group does not exist|ResourceNotFoundException|cannot find the .*log group/i],
    ["logConfigInvalid", /is required|unknown log opt|must specify/i],
    ["logConfigInvalid", /not supported|not registered|invalid|no such driver/i],
    ["logUnreachable", NOT_RESOLVED],
    ["logUnreachable", NO_CONNECTION],
  ],
  otherwise: "logNotReady",
};

/** https://repost.aws/knowledge-center/fargate-unable-to-mount-efs */
export const EFS_TEXTS: TextRules = {
  within: /\befs\b|mount\.nfs|\bfsap-|\bfs-[0-9a-f]{8}/i,
  rules: [
    ["efsNotResolved", /failed to resolve|name or service not known|no such host/i],
    ["efsDenied", new RegExp(`${DENIED.source}|permission denied`, "i")],
    ["efsPathMissing", /no such file or directory|path .* does not exist/i],
    ["efsUnreachable", /time(?:d )?-?out|mount system call failed|connection (?:refused|reset)/i],
    ["efsUnreachable", NO_CONNECTION],
  ],
  otherwise: "efsNotMounted",
};

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-ebs-volumes.html */
export const VOLUME_TEXTS: TextRules = {
  within: /\bEBS\b|infrastructure role|VolumeLimitExceeded|CannotCreateVolume|InvalidVolumeError|\bvolume/i,
  rules: [
    ["quotaReached", /LimitExceeded|limit .*exceeded|quota/i],
    ["ebsDenied", new RegExp(`infrastructure role|(?:EBS|CreateVolume|AttachVolume).*(?:${DENIED.source})`, "i")],
    ["ebsNotAttached", /\bEBS\b/],
    ["volumeNotReady", /CannotCreateVolume|InvalidVolumeError|CannotInspectVolume/],
  ],
};

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/failed-to-start-error.html */
export const NETWORK_TEXTS: TextRules = {
  within:
    /network ?interface|\bENI\b|FreeAddresses|free addresses|\bInvalid(?:Subnet|Group|SecurityGroup)|device index/i,
  rules: [
    ["subnetFull", /InsufficientFreeAddresses|(?:insufficient|not enough|no) free (?:ip )?addresses/i],
    ["quotaReached", /LimitExceeded|limit .*exceeded/i],
    ["throttled", /RequestLimitExceeded|Rate exceeded|ThrottlingException/i],
    ["networkDenied", new RegExp(`TagPolicyViolation|AuthFailure|${DENIED.source}`, "i")],
    ["networkMissing", /\.NotFound|does not exist/i],
    // What AWS's page says of this sentence, where no error follows it.
    ["subnetFull", /with public IP assignment enabled in subnet/i],
    ["noNetworkSlot", /unused device index|RESOURCE:ENI/],
  ],
  otherwise: "networkInterface",
};

/** Windows and Linux in an Active Directory: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/windows-gmsa.html */
export const CREDENTIAL_SPEC_TEXTS: TextRules = {
  within: /credential ?-?spec|gMSA|kerberos/i,
  otherwise: "credentialSpec",
};

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts.html */
export const SERVICE_CONNECT_TEXTS: TextRules = {
  within: /service ?-?connect|appnet agent/i,
  otherwise: "serviceConnect",
};

/** `ECS was unable to assume the role 'ARN' that was provided for this task`; events of a service say so, too. */
export const ROLE_TEXTS: TextRules = { within: /unable to assume (?:the |a )?role/i, otherwise: "roleNotAssumed" };

/**
 * Why a secret or a parameter was not read. `unable to pull secrets or registry auth` comes before troubles of either
 * kind: the rest of the sentence decides.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 * https://github.com/aws/amazon-ecs-agent/blob/master/agent/asm/asm.go
 */
export const SECRET_TEXTS: TextRules = {
  within: new RegExp(
    "retrieve (?:the )?secrets?\\b|fetch(?:ing)? (?:the )?secret|pull (?:the )?secrets?\\b(?! or registry auth)" +
      "|secrets? from|from asm\\b|\\basm fetching|retrieved secret|Secrets Manager|SSM|parameter store|GetSecretValue" +
      "|secretsmanager:|GetParameters|did not contain json key|kms:Decrypt",
    "i",
  ),
  rules: [
    ["throttled", /ThrottlingException|Rate exceeded/],
    ["secretKeyMissing", /did not contain json key/i],
    ["secretNotJson", /invalid character .* looking for|cannot unmarshal|unable to unmarshal/i],
    ["secretNotJson", /is malformed|invalid schema/i],
    ["secretVersionMissing", /specified secret value for|ParameterVersionNotFound|not contain (?:any )?value/i],
    ["secretDeleted", /marked for deletion|marked deleted|scheduled for deletion/i],
    ["keyDenied", /kms:Decrypt|access to KMS|KMSAccessDenied|customer master key|KMS key/i],
    ["secretDenied", DENIED],
    ["secretNameInvalid", /InvalidParameter(?!s)|ValidationException|ARN format|invalid .*ARN|can't be prefixed/i],
    ["secretNotFound", /ResourceNotFound|can't find the specified secret/i],
    ["secretNotFound", /invalid (?:ssm )?parameters:|ParameterNotFound/i],
    ["secretUnreachable", NOT_RESOLVED],
    ["secretUnreachable", NO_CONNECTION],
  ],
  otherwise: "secretNotRead",
};

/** https://github.com/aws/amazon-ecs-agent/blob/master/agent/taskresource/envFiles/envfile.go */
export const ENV_FILE_TEXTS: TextRules = {
  within: /\benv(?:ironment)? ?files?\b/i,
  rules: [
    ["envFileNotFound", /NoSuchKey|NoSuchBucket|\b404\b|not found|does not exist/i],
    ["envFileDenied", DENIED],
    ["envFileUnreachable", NOT_RESOLVED],
    ["envFileUnreachable", NO_CONNECTION],
  ],
  otherwise: "envFileNotRead",
};
