/**
 * DescribePullThroughCacheRules of Amazon ECR. What a repository with the prefix of a rule does not have, ECR fetches from
 * the registry upstream when it is pulled: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
import { AwsFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import { pageOf } from "../pages.ts";
import { epochSeconds } from "../wire.ts";
import type { Actions } from "./action.ts";

function describePullThroughCacheRules(world: World, input: Input): JsonObject {
  const { accountId } = world.settings;
  const registryId = input.string("registryId") ?? accountId;
  const rules = registryId === accountId ? Object.entries(world.pullThroughCacheRules) : [];
  const prefixes = input.strings("ecrRepositoryPrefixes");
  const found = rules.filter(([prefix]) => prefixes === undefined || prefixes.includes(prefix));
  if (prefixes !== undefined && found.length < prefixes.length) {
    throw new AwsFailure(
      "PullThroughCacheRuleNotFoundException",
      `Pull through cache rule with prefix '${prefixes[0]}' not found in registry with id: '${registryId}'`,
    );
  }
  const { items, nextToken } = pageOf(world, input, found, { default: 100, max: 1000 });
  return {
    pullThroughCacheRules: items.map(([ecrRepositoryPrefix, upstreamRegistryUrl]) => ({
      ecrRepositoryPrefix,
      upstreamRegistryUrl,
      createdAt: epochSeconds(world.nowMs),
      registryId,
    })),
    nextToken,
  };
}

export const actions: Actions = { DescribePullThroughCacheRules: describePullThroughCacheRules };
