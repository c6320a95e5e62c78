import type { CauseCode } from "../../../diagnosis/cause.ts";
import { actionOf, imageOf, inContainer, isInEcr, registryOf, roleOf, type WordsOf } from "./cause_words.ts";

type Codes = Extract<
  CauseCode,
  | `image${string}`
  | `registry${string}`
  | "repositoryNotFound"
>;

export const IMAGE_WORDS: WordsOf<Codes> = {
  imageNotFound: {
    what: (cause) => `${imageOf(cause)} not found in ${registryOf(cause)}${inContainer(cause)}`,
    advice: (cause) =>
      `push ${imageOf(cause)}, or deploy a tag that exists` +
      `${isInEcr(cause) ? " (a lifecycle policy may have deleted it)" : ""}`,
  },
  repositoryNotFound: {
    what: (cause) => `the repository of ${imageOf(cause)} does not exist${inContainer(cause)}`,
    advice: () => "check the account, the region and the spelling of the image's repository in the task definition",
  },
  imageDenied: {
    what: (cause) => `${roleOf(cause)} may not pull ${imageOf(cause)}${inContainer(cause)}`,
    advice: (cause) =>
      `allow ${actionOf(cause, "ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer")} to ` +
      `${roleOf(cause)}; the repository's own policy and the policy of a VPC endpoint must allow it, too`,
  },
  registryLoginNeeded: {
    what: (cause) => `${registryOf(cause)} wants a login for ${imageOf(cause)}${inContainer(cause)}`,
    advice: () =>
      "name a secret with the registry's user and password in repositoryCredentials of the container (no IAM role helps " +
      "here), and check the image's name",
  },
  registryLimit: {
    what: (cause) => `the pull limit of ${registryOf(cause)} is used up${inContainer(cause)}`,
    advice: () =>
      "pull with a login (repositoryCredentials), or from a copy in ECR (a pull-through cache rule); waiting helps, too",
  },
  registryUnreachable: {
    what: (cause) => `${registryOf(cause)} cannot be reached from the task's subnets${inContainer(cause)}`,
    advice: (cause) =>
      "give the subnets a route out (NAT gateway, or assignPublicIp ENABLED in a public subnet), and let the security " +
      `group out to port 443${isInEcr(cause) || cause.about.image === undefined ? OR_ENDPOINTS : ""}`,
  },
  registryNotResolved: {
    what: ({ about: { host = "the registry's name" }, container }) =>
      `${host} is not known to DNS${container === undefined ? "" : ` (container ${container})`}`,
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
};

const OR_ENDPOINTS = ", or make VPC endpoints for ecr.api, ecr.dkr and s3";
