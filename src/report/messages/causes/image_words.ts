import {
  actionOf,
  giveWayOut,
  imageOf,
  inContainer,
  isInEcr,
  registryOf,
  roleOf,
  type SomeWords,
} from "./cause_words.ts";

export const IMAGE_WORDS = {
  imageNotFound: {
    what: (cause) => `${imageOf(cause)} not found in ${registryOf(cause)}${inContainer(cause)}`,
    advice: (cause) =>
      `push ${imageOf(cause)}, or change the task definition to a tag that exists` +
      (isInEcr(cause) ? " (if it was pushed before, a lifecycle policy of ECR may have deleted it)" : ""),
    saysAll: ({ about: { image } }) => image !== undefined,
  },
  repositoryNotFound: {
    what: (cause) => `the repository of ${imageOf(cause)} does not exist${inContainer(cause)}`,
    advice: () => "check the account, the region and the spelling of the image's repository in the task definition",
  },
  imageDenied: {
    what: (cause) => `${roleOf(cause)} is not allowed to pull ${imageOf(cause)}${inContainer(cause)}`,
    advice: (cause) =>
      `allow ${actionOf(cause, "ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer")} to ` +
      `${roleOf(cause)}; the policies of the repository and of a VPC endpoint must allow it, too`,
  },
  registryLoginNeeded: {
    what: (cause) => `${registryOf(cause)} wants a login for ${imageOf(cause)}${inContainer(cause)}`,
    advice: () =>
      "name a secret with the registry's user and password in the container's repositoryCredentials (no IAM role helps " +
      "here), and check the image's name",
  },
  registryLimit: {
    what: (cause) => `the pull limit of ${registryOf(cause)} is used up${inContainer(cause)}`,
    advice: () => "pull with a login (repositoryCredentials), or through ECR (a pull-through cache rule), or wait",
  },
  registryUnreachable: {
    what: (cause) => `the tasks cannot reach ${registryOf(cause)}${inContainer(cause)}`,
    advice: (cause) =>
      giveWayOut(
        registryOf(cause),
        isInEcr(cause) || cause.about.image === undefined ? "ecr.api, ecr.dkr, s3" : undefined,
      ),
  },
  registryNotResolved: {
    what: ({ about: { host = "the registry's name" }, container }) =>
      `DNS does not know ${host}${container === undefined ? "" : ` (container ${container})`}`,
    advice: () =>
      "check the spelling of the image's registry, then the VPC: enableDnsSupport, enableDnsHostnames and its DHCP options",
  },
  imagePlatform: {
    what: (cause) => {
      const { platform } = cause.about;
      return `${imageOf(cause)} is not built for ${platform ?? "the task's CPU architecture"}${inContainer(cause)}`;
    },
    advice: ({ about: { platform } }) =>
      `build the image for ${platform ?? "that architecture (docker build --platform)"}, or set ` +
      "runtimePlatform.cpuArchitecture (and operatingSystemFamily) to what it is built for",
  },
  imageNameInvalid: {
    what: (cause) => `the name of ${imageOf(cause)} is not valid${inContainer(cause)}`,
    advice: () => "correct image in the container definition; an empty variable in it is the usual reason",
  },
  imageBroken: {
    what: (cause) => `${imageOf(cause)} cannot be unpacked${inContainer(cause)}`,
    advice: () => "build and push the image again, in a format that the container's host knows",
  },
  imageNotPulled: { what: (cause) => `${imageOf(cause)} could not be pulled${inContainer(cause)}` },
} satisfies SomeWords;
