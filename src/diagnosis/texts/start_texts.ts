import type { TextRules } from "./text_rules.ts";

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
 * Why a container was not created, or not started: Docker's and containerd's words behind ECS's names.
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
