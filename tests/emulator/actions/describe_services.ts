/** DescribeServices, ListServices, DescribeClusters and ListClusters */
import { invalidParameter } from "../failure.ts";
import { digitsFrom, ecsArn } from "../identifiers.ts";
import type { Input } from "../input.ts";
import { clusterOf, findService } from "../lookup.ts";
import type { JsonObject, Service, World } from "../model.ts";
import { pageOf } from "../pages.ts";
import { serviceShape } from "../service_shapes.ts";
import type { Actions } from "./action.ts";

const MAX_DESCRIBED_SERVICES = 10;
const MAX_DESCRIBED_CLUSTERS = 100;

function describeServices(world: World, input: Input): JsonObject {
  const names = input.requiredStrings("services");
  if (names.length > MAX_DESCRIBED_SERVICES) throw invalidParameter("Member must have length less than or equal to 10");
  const withTags = input.strings("include")?.includes("TAGS");
  const cluster = clusterOf(world, input.string("cluster"));
  const services: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const name of new Set(names)) {
    const service = findService(world, cluster, name);
    if (service) services.push(serviceShape(world, service, withTags));
    else failures.push({ arn: missingServiceArn(world, cluster.name, name), reason: "MISSING" });
  }
  return { services, failures };
}

function missingServiceArn(world: World, clusterName: string, nameOrArn: string): string {
  return nameOrArn.startsWith("arn:") ? nameOrArn : ecsArn(world, `service/${clusterName}/${nameOrArn}`);
}

function listServices(world: World, input: Input): JsonObject {
  const cluster = clusterOf(world, input.string("cluster"));
  const [launchType, strategy] = [input.string("launchType"), input.string("schedulingStrategy")];
  const found = world.services.filter((service) =>
    service.clusterArn === cluster.arn && service.status !== "INACTIVE" &&
    (launchType === undefined || service.settings.launchType === launchType) &&
    (strategy === undefined || service.carried.schedulingStrategy === strategy)
  );
  const { items, nextToken } = pageOf(world, input, inNoOrder(found), { default: 10, max: 100 });
  return { serviceArns: items.map(({ arn }) => arn), nextToken };
}

/** No order is documented for these listings, so nobody may count on the one of creation, or of names. */
function inNoOrder<Item extends { readonly arn: string }>(items: readonly Item[]): Item[] {
  const place = ({ arn }: Item) => digitsFrom(arn, 16);
  return items.toSorted((one, other) => place(one) < place(other) ? -1 : 1);
}

function listClusters(world: World, input: Input): JsonObject {
  const { items, nextToken } = pageOf(world, input, inNoOrder(world.clusters), { default: 100, max: 100 });
  return { clusterArns: items.map(({ arn }) => arn), nextToken };
}

function describeClusters(world: World, input: Input): JsonObject {
  const names = input.strings("clusters") ?? ["default"];
  if (names.length > MAX_DESCRIBED_CLUSTERS) {
    throw invalidParameter("Member must have length less than or equal to 100");
  }
  const clusters: JsonObject[] = [];
  const failures: JsonObject[] = [];
  for (const name of names) {
    const cluster = world.clusters.find((one) => one.name === name || one.arn === name);
    if (!cluster) {
      failures.push({ arn: name.startsWith("arn:") ? name : ecsArn(world, `cluster/${name}`), reason: "MISSING" });
      continue;
    }
    const services = world.services.filter((one: Service) => one.clusterArn === cluster.arn && one.status === "ACTIVE");
    const tasks = world.tasks.filter((task) => task.clusterArn === cluster.arn);
    clusters.push({
      clusterArn: cluster.arn,
      clusterName: cluster.name,
      status: "ACTIVE",
      registeredContainerInstancesCount: 0,
      runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
      pendingTasksCount: tasks.filter(({ lastStatus }) =>
        lastStatus === "PROVISIONING" || lastStatus === "PENDING"
      ).length,
      activeServicesCount: services.length,
      tags: [],
    });
  }
  return { clusters, failures };
}

export const actions: Actions = {
  DescribeServices: describeServices,
  ListServices: listServices,
  DescribeClusters: describeClusters,
  ListClusters: listClusters,
};
