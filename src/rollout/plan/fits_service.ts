import { describeAttachmentMisfit } from "../../model/describe_attachment_misfit.ts";
import type { ContainerAttachment, NamedPort, ServiceDemands } from "../../model/service_demands.ts";
import type { TaskSupply } from "../../model/task_definition.ts";

/** Something in which a task definition does not fit a service. */
export interface Misfit {
  /** A clause. */
  readonly problem: string;
  /** What the service definition would have to say for it to fit; `undefined` where no update of the service helps. */
  readonly remedy: string | undefined;
  /** The option of `aws ecs update-service` that does the same, where it takes no more than that. */
  readonly option: string | undefined;
}

/**
 * The limits of a service update: UpdateService with a task definition alone changes nothing else about the service, so the
 * task definition has to fit the settings that the service has.
 *
 * @returns what does not fit; empty when nothing speaks against it. Only what the two descriptions show is judged, and only
 * when they show it clearly: a wrong "no" would cost a rollback, a wrong "yes" is caught by ECS.
 */
export function findMisfits(service: ServiceDemands, target: TaskSupply): Misfit[] {
  return [
    ...misfitOfLaunchType(service.launchType, target),
    ...misfitOfOperatingSystem(service, target),
    ...misfitOfNetworkMode(service.hasAwsvpcConfiguration, target),
    ...service.attachments.flatMap((attachment) => misfitOfAttachment(attachment, target)),
    ...misfitsOfVolumes(service.volumeNames, target),
    ...service.namedPorts.flatMap((port) => misfitOfPort(port, target)),
  ];
}

function misfit(problem: string, remedy?: string, option?: string): Misfit[] {
  return [{ problem, remedy, option }];
}

function misfitOfLaunchType(launchType: string | undefined, target: TaskSupply): Misfit[] {
  // What the author declared counts; what AWS derived is asked only where the author declared nothing.
  const fitFor = target.requiresCompatibilities.length > 0 ? target.requiresCompatibilities : target.compatibilities;
  if (launchType === undefined || fitFor.length === 0 || fitFor.includes(launchType)) return [];
  return misfit(`the service runs on ${launchType}, the task definition is for ${fitFor.join(", ")}`);
}

/** API reference, Service, `platformFamily`: all tasks of a service on Fargate must have the same. */
function misfitOfOperatingSystem({ launchType, platformFamily }: ServiceDemands, target: TaskSupply): Misfit[] {
  const { operatingSystem = "LINUX" } = target;
  if (launchType !== "FARGATE" || platformFamily === undefined) return [];
  if (platformFamily.toUpperCase() === operatingSystem.toUpperCase()) return [];
  return misfit(`the service's tasks run on ${platformFamily}, the task definition is for ${operatingSystem}`);
}

function misfitOfNetworkMode(hasAwsvpcConfiguration: boolean, target: TaskSupply): Misfit[] {
  // On Linux an absent network mode means `bridge`.
  const networkMode = target.networkMode ?? "bridge";
  if (hasAwsvpcConfiguration && networkMode !== "awsvpc") {
    return misfit(
      `the service has an awsvpc network configuration, the task definition's network mode is ${networkMode}`,
    );
  }
  if (!hasAwsvpcConfiguration && networkMode === "awsvpc") {
    return misfit(
      "the task definition's network mode is awsvpc, the service has no network configuration for it",
      "its networkConfiguration",
    );
  }
  return [];
}

function misfitOfAttachment(attachment: ContainerAttachment, { containers }: TaskSupply): Misfit[] {
  const problem = describeAttachmentMisfit(attachment, containers);
  if (problem === undefined) return [];
  const { kind, name } = attachment;
  const member = kind === "load balancer" ? "loadBalancers" : "serviceRegistries";
  return misfit(`the ${kind} ${name} ${problem}`, `${member} whose containers and ports the task definition has`);
}

/** API reference, ServiceVolumeConfiguration: the names have to be the same on both sides. */
function misfitsOfVolumes(volumeNames: readonly string[] | undefined, { launchVolumes }: TaskSupply): Misfit[] {
  if (volumeNames === undefined) return [];
  const configured = volumeNames.filter((name) => !launchVolumes.includes(name));
  const missing = launchVolumes.filter((name) => !volumeNames.includes(name));
  const surplus = configured.length === 0 ? [] : misfit(
    `the service configures the volume ${configured.join(", ")}, which the task definition does not leave to it ` +
      "(configuredAtLaunch)",
    launchVolumes.length === 0
      ? '"volumeConfigurations": []'
      : `volumeConfigurations of ${launchVolumes.join(", ")} only`,
    // Developer guide, "Configure a service to no longer utilize Amazon EBS volumes".
    launchVolumes.length === 0 ? "--volume-configurations '[]'" : undefined,
  );
  if (missing.length === 0) return surplus;
  return [
    ...surplus,
    ...misfit(
      `the task definition leaves the volume ${missing.join(", ")} to the service (configuredAtLaunch), which has no ` +
        "configuration for it",
      `volumeConfigurations of ${launchVolumes.join(", ")}`,
    ),
  ];
}

/** API reference, ServiceConnectService and VpcLatticeConfiguration: the name has to be one of the port mappings'. */
function misfitOfPort({ usedBy, portName }: NamedPort, { containers }: TaskSupply): Misfit[] {
  const names = containers.flatMap(({ portNames }) => portNames);
  if (names.includes(portName)) return [];
  const off = usedBy === "Service Connect"
    ? '"serviceConnectConfiguration": {"enabled": false}'
    : '"vpcLatticeConfigurations": []';
  return misfit(
    `${usedBy} of the service uses the port name ${portName}, which no port mapping of the task definition has (it has ${
      names.length === 0 ? "none" : names.join(", ")
    })`,
    `${off}, or names that the task definition has`,
  );
}
