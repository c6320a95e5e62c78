/** Where the tasks of a service run: by its launch type, or by the capacity providers in the place of that. */
import { invalidParameter } from "./failure.ts";
import type { Cluster, JsonObject, ServiceSettings } from "./model.ts";

/**
 * @param forced whether the request forces a new deployment
 * @throws InvalidParameterException in AWS's words where it does not, and the strategy changes
 */
export function checkCapacity(before: ServiceSettings, after: ServiceSettings, forced: boolean): void {
  if (canonical(before) === canonical(after)) return;
  if (!forced) {
    throw invalidParameter(
      "When switching from launch type to capacity provider strategy on an existing service, or making a change to a " +
        "capacity provider strategy on a service that is already using one, you must force a new deployment.",
    );
  }
  const isGivenUp = (after.capacityProviderStrategy ?? []).length === 0;
  // AWS refuses that, too; in which words is not known.
  if (isGivenUp && after.launchType === undefined) {
    throw invalidParameter("The service was created without a launch type, which it could go back to.");
  }
}

/** API reference, CapacityProviderStrategyItem: weight and base are 0 where they are left out; the order means nothing. */
function canonical({ capacityProviderStrategy = [] }: ServiceSettings): string {
  const items = capacityProviderStrategy.map(({ capacityProvider, weight = 0, base = 0 }: JsonObject) =>
    JSON.stringify([capacityProvider, weight, base])
  );
  return JSON.stringify(items.toSorted());
}

/**
 * The words for bases and weights are those of github.com/badmintoncryer/cdk-preflight (pf-ecs-svc-capacity-provider-*).
 *
 * @throws InvalidParameterException for a capacity provider that the cluster does not have, and for a strategy that places
 *   nothing, or has two bases
 */
export function checkProviders({ capacityProviderStrategy = [] }: ServiceSettings, cluster: Cluster): void {
  if (capacityProviderStrategy.filter(({ base }) => base !== undefined && base !== 0).length > 1) {
    throw invalidParameter(
      "There are multiple capacity providers in the specified capacity provider strategy with a base value defined. " +
        "Only one capacity provider in a strategy can have a base value defined.",
    );
  }
  if (capacityProviderStrategy.length > 1 && capacityProviderStrategy.every(({ weight = 0 }) => weight === 0)) {
    throw invalidParameter(
      "There are no capacity providers in the capacity provider strategy with a weight value greater than zero.",
    );
  }
  const names = capacityProviderStrategy.map(({ capacityProvider }) => String(capacityProvider));
  if (names.every((name) => cluster.capacityProviders.includes(name))) return;
  throw invalidParameter(
    "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the " +
      "cluster. Associate the capacity provider with the cluster and try again.",
  );
}
