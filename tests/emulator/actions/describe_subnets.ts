/** DescribeSubnets of Amazon EC2 */
import { AwsFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import type { Subnet } from "../stores.ts";
import type { Actions } from "./action.ts";

function subnetShape({ settings }: World, { id, freeAddresses, isIpv6Only }: Subnet): JsonObject {
  return {
    SubnetId: id,
    OwnerId: settings.accountId,
    State: "available",
    AvailabilityZone: `${settings.region}a`,
    CidrBlock: "10.0.0.0/24",
    AvailableIpAddressCount: freeAddresses,
    Ipv6Native: isIpv6Only,
  };
}

/** One of `SubnetIds` that is not there fails the call; what no filter fits is left out (API reference). */
function describeSubnets(world: World, input: Input): JsonObject {
  const ids = input.strings("SubnetIds");
  const missing = ids?.find((id) => !Object.hasOwn(world.subnets, id));
  if (missing !== undefined) {
    throw new AwsFailure("InvalidSubnetID.NotFound", `The subnet ID '${missing}' does not exist`);
  }
  const filters = input.objects("Filters") ?? [];
  const other = filters.find(({ Name }) => Name !== "subnet-id");
  if (other) throw new AwsFailure("NotEmulated", `emulator: the filter ${other.Name} is not supported`);
  const wanted = filters.map(({ Values }) => Values as string[]);
  const found = Object.values(world.subnets).filter(({ id }) =>
    (ids === undefined || ids.includes(id)) && wanted.every((values) => values.includes(id))
  );
  return { Subnets: found.map((one) => subnetShape(world, one)) };
}

export const actions: Actions = { DescribeSubnets: describeSubnets };
