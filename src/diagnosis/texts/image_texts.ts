import { DENIED, NO_CONNECTION, NOT_RESOLVED, type TextRules } from "./text_rules.ts";

/** In AWS's registries the task's execution role is what logs in. */
const IN_ECR = /\.dkr\.ecr\b|\bdkr\.ecr\.|public\.ecr\.aws|api\.ecr\.|\becr:/;
const NOT_IN_ECR = new RegExp(`^(?!.*(?:${IN_ECR.source})).*`);

/**
 * Why an image was not pulled.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
 * https://github.com/aws/amazon-ecs-agent/blob/master/agent/api/errormessages/error_messages.go
 */
export const IMAGE_TEXTS: TextRules = {
  within: new RegExp(
    "CannotPull|pull access denied|can.t pull the image|registry auth|\\becr:|failed to resolve ref" +
      "|GetAuthorizationToken|manifest (?:for|unknown)|GetImageBlob|toomanyrequests|pull rate limit|no matching manifest",
    "i",
  ),
  rules: [
    ["registryLimit", /toomanyrequests|too many requests|pull rate limit/i],
    ["throttled", /ThrottlingException|Rate exceeded/],
    ["imagePlatform", /no matching manifest|descriptor matching platform|no match for platform/i],
    ["imagePlatform", /cannot be used on this platform|operating system does not match|exec format error/i],
    ["diskFull", /no space left on device|not enough space/i],
    ["imageNameInvalid", /invalid reference format|could not parse reference/i],
    ["registryNotResolved", NOT_RESOLVED],
    // The agent of ECS puts `Check whether the image exists` before what a registry of ECR says of a repository that is
    // not there; of other registries the same words mean that they want a login.
    ["repositoryNotFound", /repository with name|name unknown|NAME_UNKNOWN|RepositoryNotFound/i],
    ["repositoryNotFound", /repository \S*\.dkr\.ecr\.\S+ not found/i],
    ["imageNotFound", /manifest unknown|\b404\b/i],
    ["registryLoginNeeded", loginWanted()],
    ["repositoryNotFound", /\.dkr\.ecr\..*requested access to the resource is denied/i],
    ["imageDenied", DENIED],
    ["imageDenied", /no basic auth credentials|authorization token|unexpected status/i],
    ["registryUnreachable", NO_CONNECTION],
    ["imageBroken", /unexpected EOF|failed to (?:extract|register) layer|media ?type|invalid checksum|content digest/i],
    ["imageNotFound", /not found|does not exist|no such image|Check whether the image exists/i],
  ],
  otherwise: "imageNotPulled",
};

function loginWanted(): RegExp {
  const said = "no basic auth credentials|docker login|requested access to the resource is denied|\\b401\\b" +
    "|insufficient_scope|unauthorized|authentication required|incorrect username or password";
  return new RegExp(`${NOT_IN_ECR.source}(?:${said})`, "i");
}
