import { createLogGroupCommand } from "../typed_commands.ts";
import { actionOf, giveWayOut, inContainer, roleOf, type SomeWords } from "./cause_words.ts";

const nameGroup = (group: string | undefined) => group === undefined ? "a log group" : `log group ${group}`;
const nameFileSystem = (id: string | undefined) => id === undefined ? "the EFS file system" : `EFS ${id}`;

export const RESOURCE_WORDS = {
  logGroupMissing: {
    what: (cause) => `${nameGroup(cause.about.logGroup)} does not exist${inContainer(cause)}`,
    advice: ({ about: { logGroup = "NAME" } }) =>
      `set awslogs-create-group to true, or create it: ${createLogGroupCommand(logGroup)}`,
    saysAll: ({ about: { logGroup } }) => logGroup !== undefined,
  },
  logDenied: {
    what: (cause) =>
      `${roleOf(cause)} is not allowed to write to ${nameGroup(cause.about.logGroup)}${inContainer(cause)}`,
    advice: (cause) => `allow ${actionOf(cause, "logs:CreateLogStream and logs:PutLogEvents")} to ${roleOf(cause)}`,
  },
  logUnreachable: {
    what: (cause) => `the tasks cannot reach CloudWatch Logs${inContainer(cause)}`,
    advice: () => giveWayOut("CloudWatch Logs", "logs"),
  },
  logConfigInvalid: {
    what: (cause) => `logConfiguration is not valid${inContainer(cause)}`,
    advice: () => "correct the option of logConfiguration that the text names",
  },
  logNotReady: { what: (cause) => `the log of ${cause.container ?? "a container"} could not be set up` },
  efsUnreachable: {
    what: ({ about: { fileSystem } }) => `${nameFileSystem(fileSystem)} does not answer`,
    advice: () =>
      "allow inbound port 2049 from the task's security group in that of the mount target; the task's zone needs a mount " +
      "target",
  },
  efsNotResolved: {
    what: ({ about: { fileSystem } }) => `DNS does not know ${nameFileSystem(fileSystem)}`,
    advice: () =>
      "make a mount target in the task's zone, and set enableDnsSupport and enableDnsHostnames of the VPC to true",
  },
  efsDenied: {
    what: ({ about: { fileSystem } }) => `${nameFileSystem(fileSystem)} denies access`,
    advice: () =>
      "allow elasticfilesystem:ClientMount (and ClientWrite) to the task role, in its own policy and in the file system's, " +
      "and check the access point's user and folder",
  },
  efsPathMissing: {
    what: ({ about: { fileSystem } }) => `the folder to mount does not exist in ${nameFileSystem(fileSystem)}`,
    advice: () => "create the folder, correct rootDirectory of the volume, or use an access point that creates it",
  },
  efsNotMounted: { what: ({ about: { fileSystem } }) => `${nameFileSystem(fileSystem)} could not be mounted` },
  ebsDenied: {
    what: (cause) => `ECS is not allowed to create the EBS volume with ${roleOf(cause, "its infrastructure role")}`,
    advice: (cause) =>
      `check ${roleOf(cause, "roleArn of the volume")}: it must trust ecs.amazonaws.com and have ` +
      "AmazonECSInfrastructureRolePolicyForVolumes, and its KMS key must allow it",
  },
  ebsNotAttached: {
    what: () => "the EBS volume was not attached",
    advice: () => "check the volume's settings in the service: KMS key, snapshot, file system type and size",
  },
  volumeNotReady: { what: () => "a volume could not be set up" },
  subnetFull: {
    what: ({ about: { subnet } }) => `${subnet ?? "the subnet"} has no free address`,
    advice: ({ about: { subnet = "that one" } }) =>
      `stop what is not needed in ${subnet}, to free addresses (or deploy instead, with a larger subnet in the service's ` +
      "network configuration)",
  },
  networkInterface: {
    what: () => "EC2 did not provide the task's network interface",
    advice: () => "wait, ECS tries again; if it goes on, check the quota of network interfaces in the region",
  },
  networkDenied: {
    what: () => "ECS is not allowed to create the task's network interface",
    advice: () => "a tag policy or a service control policy of the organization forbids it: ECS's words name it",
  },
  networkMissing: {
    what: () => "a subnet or a security group of the service does not exist",
    advice: () => "correct networkConfiguration of the service",
  },
  noNetworkSlot: {
    what: () => "no container instance has a free network interface",
    advice: () => "add instances, larger ones, or turn on awsvpcTrunking",
  },
  diskFull: {
    what: (cause) => `no space left on the disk${inContainer(cause)}`,
    advice: () => "raise ephemeralStorage (Fargate), or free or enlarge the disk of the container instance (EC2)",
  },
  credentialSpec: {
    what: (cause) => `the gMSA credentials could not be set up${inContainer(cause)}`,
    advice: () =>
      "check credentialSpecs, the secret with the domain's user, and the credentials-fetcher on the instance",
  },
  serviceConnect: {
    what: () => "Service Connect could not be set up",
    advice: () => "check serviceConnectConfiguration of the service: namespace, port names, and the log of its proxy",
  },
  resourceNotReady: { what: (cause) => `what the task needs could not be set up${inContainer(cause)}` },
} satisfies SomeWords;
