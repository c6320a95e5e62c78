import { DENIED, NO_CONNECTION, NOT_RESOLVED, type TextRules } from "./text_rules.ts";

/** The task's execution role is what logs in to AWS's registries. */
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
    // ECS's agent writes `Check whether the image exists` in front of what an ECR registry says of a missing
    // repository; from other registries, the same words mean that they want a login.
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

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/out-of-memory.html */
export const MEMORY_TEXTS: TextRules = {
  within: /^OutOfMemory|killed due to memory usage|OOM-?killed/i,
  otherwise: "outOfMemory",
};

/** https://github.com/aws/amazon-ecs-agent/blob/master/agent/engine/dependencygraph/graph.go */
export const DEPENDENCY_TEXTS: TextRules = {
  within:
    /dependency graph|TaskDependencyError|dependencies cannot be resolved|ordering dependency|dependent container/i,
  otherwise: "dependencyFailed",
};

/**
 * Why a container was not created, or not started: Docker's and containerd's words after ECS's error names.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cannot-start-container.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cannot-create-container.html
 */
export const START_TEXTS: TextRules = {
  within: new RegExp(
    "CannotStart|CannotCreateContainer|ContainerRuntime|OCI runtime|runc create|unable to start container process" +
      "|DockerStateError|HostConfigError|DockerTimeout|Could not transition to|CannotInspectContainer|CannotDescribe" +
      "|exec format error|executable file not found|port is already allocated",
    "i",
  ),
  rules: [
    ["imagePlatform", /exec format error|cannot be used on this platform|operating system does not match/i],
    ["diskFull", /no space left on device|thin pool has|not enough space/i],
    ["deviceMissing", /device information|nvidia|libcuda|could not select device driver|error gathering device/i],
    ["mountInvalid", /error mounting|not a directory|invalid mount|mount path|bind source path/i],
    ["workingDirectory", /chdir to cwd/i],
    ["userMissing", /unable to find (?:user|group)|matching entries in (?:passwd|group) file/i],
    ["hostPortTaken", /port is already allocated|address already in use|ports? (?:is|are) not available/i],
    ["commandNotFound", /executable file not found|no such file or directory|cannot find the (?:file|path) specified/i],
    ["commandNotExecutable", /permission denied|is a directory/i],
    ["startTimedOut", /timed out after waiting|DockerTimeout|RuntimeTimeout/i],
  ],
  otherwise: "containerNotStarted",
};

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-service-load-balancers.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-unhealthy-event-messages.html
 */
export const HEALTH_TEXTS: TextRules = {
  within: /health ?checks?\b|\bunhealthy\b/i,
  rules: [
    ["targetUnhealthy", /ELB health checks?|target-group|\(elb |in target group/i],
    ["containerUnhealthy", /container health ?checks?/i],
  ],
  otherwise: "unhealthy",
};
