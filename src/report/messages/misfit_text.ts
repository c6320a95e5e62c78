import type { AttachmentMisfit, Misfit } from "../../model/misfit.ts";
import { byCode } from "../cases.ts";

/** In what a task definition does not fit a service: a clause. */
export function describeMisfit(misfit: Misfit): string {
  return explain(misfit).what;
}

/**
 * What the service definition has to say for all of it to fit.
 *
 * @returns `undefined` where there is something that no update of the service changes
 */
export function remedyFor(misfits: readonly Misfit[]): string | undefined {
  const remedies = misfits.map((misfit) => explain(misfit).remedy);
  return remedies.includes(undefined) ? undefined : [...new Set(remedies)].join(" and ");
}

const explain = byCode<Misfit, { readonly what: string; readonly remedy?: string }>({
  launchType: ({ launchType, fitFor }) => ({
    what: `the service runs on ${launchType}, the task definition is for ${fitFor.join(", ")}`,
  }),
  operatingSystem: ({ platformFamily, operatingSystem }) => ({
    what: `the service's tasks run on ${platformFamily}, the task definition is for ${operatingSystem}`,
  }),
  networkMode: ({ networkMode }) => ({
    what: `the service has an awsvpc network configuration, the task definition's network mode is ${networkMode}`,
  }),
  noNetworkConfiguration: () => ({
    what: "the task definition's network mode is awsvpc, the service has no network configuration for it",
    remedy: "its networkConfiguration",
  }),
  noSuchContainer: describeAttachment,
  noSuchPort: describeAttachment,
  surplusVolumes: ({ names, launchVolumes }) => ({
    what: `the service configures the volume ${names.join(", ")}, which the task definition does not leave to it ` +
      "(configuredAtLaunch)",
    remedy: launchVolumes.length === 0
      ? '"volumeConfigurations": []'
      : `volumeConfigurations of ${launchVolumes.join(", ")} only`,
  }),
  missingVolumes: ({ names, launchVolumes }) => ({
    what:
      `the task definition leaves the volume ${names.join(", ")} to the service (configuredAtLaunch), which has no ` +
      "configuration for it",
    remedy: `volumeConfigurations of ${launchVolumes.join(", ")}`,
  }),
  portName: ({ usedBy, portName, portNames }) => ({
    what: `${usedBy} of the service uses the port name ${portName}, which no port mapping of the task definition has ` +
      `(it has ${listed(portNames)})`,
    remedy: `${
      usedBy === "Service Connect"
        ? '"serviceConnectConfiguration": {"enabled": false}'
        : '"vpcLatticeConfigurations": []'
    }, or names that the task definition has`,
  }),
});

function describeAttachment(misfit: AttachmentMisfit) {
  const { kind, name } = misfit.attachment;
  const member = kind === "load balancer" ? "loadBalancers" : "serviceRegistries";
  return {
    what: `the ${kind} ${name} ${describeAttachmentMisfit(misfit)}`,
    remedy: `${member} whose containers and ports the task definition has`,
  };
}

/** A clause that follows the name of the load balancer or the registry. */
export function describeAttachmentMisfit({ code, attachment, has }: AttachmentMisfit): string {
  const { containerName, containerPort } = attachment;
  return code === "noSuchContainer"
    ? `sends to container ${containerName}, which the task definition does not have (it has ${listed(has)})`
    : `sends to port ${containerPort} of container ${containerName}, which the task definition does not map (it maps ${
      listed(has)
    })`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

/**
 * The options of `aws ecs update-service` that make all of it fit.
 *
 * @returns `undefined` where it takes more than that
 */
export function optionsFor(misfits: readonly Misfit[]): string | undefined {
  // Developer guide, "Configure a service to no longer utilize Amazon EBS volumes".
  const isVolumeLeft = ({ code, ...misfit }: Misfit) =>
    code === "surplusVolumes" && "launchVolumes" in misfit && misfit.launchVolumes.length === 0;
  return misfits.every(isVolumeLeft) ? "--volume-configurations '[]'" : undefined;
}
