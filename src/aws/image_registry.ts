import { AwsError, NOT_PULLED_YET, optional } from "../errors.ts";
import { type ImageLocation, isPulledThrough } from "../model/images.ts";
import type { ReferenceChecker } from "../model/ports.ts";
import { LazyApi } from "./lazy_api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { optionalText, readPages, required, requiredList, text, undefinedWhen } from "./read_answer.ts";

/** Loads the part of the SDK that looks up images; sends nothing. */
export const loadRegistry = () => import("./clients/ecr.ts");

type Registry = LazyApi<Awaited<ReturnType<typeof loadRegistry>>>;

export function findDigests(options: ConnectionOptions): ReferenceChecker["findDigest"] {
  const registry = new LazyApi(options, loadRegistry, (sdk) => sdk.ECRClient);
  return async (image, signal) => {
    const found = await describeImage(registry, image, signal);
    if (found !== undefined) return found.digest;
    await failIfPulledThrough(registry, image, signal);
    return undefined;
  };
}

/** Returns `undefined` where the image or its repository does not exist; an image without a digest is archived. */
async function describeImage(
  registry: Registry,
  { registryId, region, repository, version }: ImageLocation,
  signal: AbortSignal,
): Promise<{ readonly digest: string | undefined } | undefined> {
  const imageId = "tag" in version ? { imageTag: version.tag } : { imageDigest: version.digest };
  const asked = { registryId, repositoryName: repository, imageIds: [imageId] };
  const reading = registry.read((sdk) => new sdk.DescribeImagesCommand(asked), signal, ({ imageDetails }) => {
    // Without a filter, AWS returns images of the status ACTIVE only. Archived ones cannot be pulled.
    const found = requiredList(imageDetails, "imageDetails").find(({ imageStatus = "ACTIVE" }) =>
      imageStatus === "ACTIVE"
    );
    return { digest: found && text(found.imageDigest, "imageDigest") };
  }, region);
  return await undefinedWhen(["ImageNotFoundException", "RepositoryNotFoundException"], reading);
}

/**
 * Throws for an image that is missing, but that its registry may fetch from another one when it is pulled.
 *
 * @throws AwsError where a pull-through cache rule is for the repository, or may be
 */
async function failIfPulledThrough(registry: Registry, image: ImageLocation, signal: AbortSignal): Promise<void> {
  const { value: prefixes = [], denied } = await optional(readPrefixes(registry, image, signal));
  // A repository whose name has no prefix could match only a rule for all repositories.
  if (denied !== undefined && image.repository.includes("/")) throw denied;
  if (!isPulledThrough(image.repository, prefixes)) return;
  const failure = { operation: "DescribeImages", kind: "rejected", code: NOT_PULLED_YET, detail: "" } as const;
  throw new AwsError({ ...failure, trouble: { code: "mayBePulled" } });
}

async function readPrefixes(registry: Registry, { registryId, region }: ImageLocation, signal: AbortSignal) {
  const pages = readPages("DescribePullThroughCacheRules", (token) =>
    registry.read(
      (sdk) => new sdk.DescribePullThroughCacheRulesCommand({ registryId, nextToken: token }),
      signal,
      ({ pullThroughCacheRules, nextToken }) => ({
        items: required(pullThroughCacheRules, "pullThroughCacheRules")
          .map(({ ecrRepositoryPrefix }) => text(ecrRepositoryPrefix, "ecrRepositoryPrefix")),
        nextToken: optionalText(nextToken, "nextToken"),
      }),
      region,
    ));
  return (await Array.fromAsync(pages)).flat();
}
