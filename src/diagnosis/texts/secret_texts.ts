import { DENIED, NO_CONNECTION, NOT_RESOLVED, type TextRules } from "./text_rules.ts";

/**
 * Why a secret or a parameter was not read. `unable to pull secrets or registry auth` stands before troubles of either
 * sort: the rest of the sentence decides.
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
    [
      "secretNotJson",
      /invalid character .* looking for|cannot unmarshal|unable to unmarshal|is malformed|invalid schema/i,
    ],
    ["secretVersionMissing", /specified secret value for|ParameterVersionNotFound|not contain (?:any )?value/i],
    ["secretDeleted", /marked for deletion|marked deleted|scheduled for deletion/i],
    ["keyDenied", /kms:Decrypt|access to KMS|KMSAccessDenied|customer master key|KMS key/i],
    ["secretDenied", DENIED],
    ["secretNameInvalid", /InvalidParameter(?!s)|ValidationException|ARN format|invalid .*ARN|can't be prefixed/i],
    [
      "secretNotFound",
      /ResourceNotFound|can't find the specified secret|invalid (?:ssm )?parameters:|ParameterNotFound/i,
    ],
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
