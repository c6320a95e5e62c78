import type { AttachmentMisfit, Misfit } from "../../model/misfit.ts";

/** In what a task definition does not fit a service: a clause. */
export function describeMisfit(misfit: Misfit): string {
  switch (misfit.code) {
    case "launchType":
      return `the service runs on ${misfit.launchType}, the task definition is for ${misfit.fitFor.join(", ")}`;
    case "operatingSystem":
      return `the service's tasks run on ${misfit.platformFamily}, the task definition is for ${misfit.operatingSystem}`;
    case "networkMode":
      return "the service has an awsvpc network configuration, the task definition's network mode is " +
        misfit.networkMode;
    case "noNetworkConfiguration":
      return "the task definition's network mode is awsvpc, the service has no network configuration for it";
    case "noSuchContainer":
    case "noSuchPort": {
      const { kind, name } = misfit.attachment;
      return `the ${kind} ${name} ${describeAttachmentMisfit(misfit)}`;
    }
    case "surplusVolumes":
      return `the service configures the volume ${
        misfit.names.join(", ")
      }, which the task definition does not leave to ` +
        "it (configuredAtLaunch)";
    case "missingVolumes":
      return `the task definition leaves the volume ${misfit.names.join(", ")} to the service (configuredAtLaunch), ` +
        "which has no configuration for it";
    case "portName":
      return `${misfit.usedBy} of the service uses the port name ${misfit.portName}, which no port mapping of the task ` +
        `definition has (it has ${listed(misfit.portNames)})`;
  }
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
 * What the service definition has to say for all of it to fit.
 *
 * @returns `undefined` where there is something that no update of the service changes
 */
export function remedyFor(misfits: readonly Misfit[]): string | undefined {
  const remedies = misfits.map(remedyForOne);
  return remedies.includes(undefined) ? undefined : [...new Set(remedies)].join(" and ");
}

function remedyForOne(misfit: Misfit): string | undefined {
  switch (misfit.code) {
    case "noNetworkConfiguration":
      return "its networkConfiguration";
    case "noSuchContainer":
    case "noSuchPort": {
      const member = misfit.attachment.kind === "load balancer" ? "loadBalancers" : "serviceRegistries";
      return `${member} whose containers and ports the task definition has`;
    }
    case "surplusVolumes": {
      const { launchVolumes } = misfit;
      if (launchVolumes.length === 0) return '"volumeConfigurations": []';
      return `volumeConfigurations of ${launchVolumes.join(", ")} only`;
    }
    case "missingVolumes":
      return `volumeConfigurations of ${misfit.launchVolumes.join(", ")}`;
    case "portName": {
      const off = misfit.usedBy === "Service Connect"
        ? '"serviceConnectConfiguration": {"enabled": false}'
        : '"vpcLatticeConfigurations": []';
      return `${off}, or names that the task definition has`;
    }
    case "launchType":
    case "operatingSystem":
    case "networkMode":
      return undefined;
  }
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
