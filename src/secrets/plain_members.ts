// The members of task and service definitions that ECS reads as a name, a number, an image, an ARN or one of a few words:
// a secret that stands there is seen by everybody who may describe the service. Anything else, a member that this list
// does not know included, may hold any text.
const PLAIN_MEMBERS = new Set([
  // Task definitions.
  ...["family", "taskRoleArn", "executionRoleArn", "networkMode", "pidMode", "ipcMode", "requiresCompatibilities"],
  ...["cpu", "memory", "memoryReservation", "cpuArchitecture", "operatingSystemFamily", "sizeInGiB", "name", "image"],
  ...["containerPort", "hostPort", "containerPortRange", "protocol", "appProtocol", "essential", "user"],
  ...["workingDirectory", "valueFrom", "credentialsParameter", "logDriver", "condition", "containerName"],
  ...["sourceContainer", "sourceVolume", "containerPath", "sourcePath", "readOnly", "fileSystemId", "rootDirectory"],
  ...["accessPointId", "transitEncryption", "transitEncryptionPort", "iam", "interval", "timeout", "retries"],
  ...["startPeriod", "startTimeout", "stopTimeout", "hostname", "type", "softLimit", "hardLimit"],
  // Service definitions.
  ...["serviceName", "cluster", "taskDefinition", "desiredCount", "launchType", "platformVersion", "role", "roleArn"],
  ...["schedulingStrategy", "propagateTags", "capacityProvider", "base", "weight", "subnets", "securityGroups"],
  ...["assignPublicIp", "targetGroupArn", "loadBalancerName", "registryArn", "port", "alarmNames", "namespace"],
  ...["portName", "discoveryName", "dnsName", "ingressPortOverride", "healthCheckGracePeriodSeconds"],
  ...["maximumPercent", "minimumHealthyPercent", "strategy", "bakeTimeInMinutes", "availabilityZoneRebalancing"],
  ...["alternateTargetGroupArn", "productionListenerRule", "testListenerRule", "hookTargetArn", "lifecycleStages"],
  ...["awsPcaAuthorityArn", "kmsKey", "kmsKeyId", "snapshotId", "volumeType", "iops", "throughput", "filesystemType"],
  ...["expression", "field", "links", "dnsServers", "dnsSearchDomains", "add", "drop"],
]);

/** In these lists, the member `value` is an ARN or a number. */
const PLAIN_VALUES = new Set(["environmentFiles", "resourceRequirements"]);

/** Below these everything is the user's own, names as well. */
const FREE_MEMBERS = new Set([
  ...["command", "entryPoint", "environment", "options", "dockerLabels", "labels", "driverOpts", "tags", "properties"],
  ...["systemControls", "extraHosts", "dockerSecurityOptions", "hookDetails"],
]);
/** What lists below them name their elements by. */
const NAMES_OF_ELEMENTS = new Set(["key", "name", "namespace"]);

/** The log driver's options that say where logs go in CloudWatch. A token of Splunk's stands beside them, too. */
const PLAIN_OPTIONS = /^(?:awslogs-|mode$|max-buffer-size$)/;

/**
 * Where the user's own texts begin on the way to a value: the index behind the member's name in `path`; `undefined` where
 * the value is plain.
 */
export function freeFrom(path: readonly (string | number)[]): number | undefined {
  const free = path.findIndex((key) => typeof key === "string" && FREE_MEMBERS.has(key));
  if (free === -1) {
    const [member, owner] = path.filter((key) => typeof key === "string").reverse();
    const isPlain = PLAIN_MEMBERS.has(member ?? "") || (member === "value" && PLAIN_VALUES.has(owner ?? ""));
    return isPlain ? undefined : path.length;
  }
  const [element, member] = path.slice(free + 1);
  if (path[free] === "options" && typeof element === "string" && PLAIN_OPTIONS.test(element)) return undefined;
  const isName = typeof element === "number" && typeof member === "string" && NAMES_OF_ELEMENTS.has(member);
  return isName && path.length === free + 3 ? undefined : free + 1;
}

/** Whether ECS takes a name, a number, an image or an ARN there. */
export function isPlainMember(path: readonly (string | number)[]): boolean {
  return freeFrom(path) === undefined;
}
