import type { DescribeServicesCommandOutput, Service } from "@aws-sdk/client-ecs";
import { lastPart } from "../model/arn.ts";
import { BatchedReads, type Joining, type Reads } from "./batched_reads.ts";
import { list } from "./read_answer.ts";
import { type Describe, type RecordReads, RECORDS_PER_CALL } from "./service_records.ts";
import { type ReadOne, type ReadService, type ServiceReader, SERVICES_PER_CALL } from "./services.ts";

/** Joins reads of single services of a cluster into calls for up to ten. */
export function batchServices(reader: ServiceReader, joining: Joining): ReadOne {
  const clusters = new Map<string, BatchedReads<ReadService | undefined>>();
  const readsIn = (cluster: string): Reads<ReadService | undefined> => ({
    most: SERVICES_PER_CALL,
    readSeveral: (services, signal, priority) =>
      reader.readSeveral(cluster, [...services], signal, (answer, read) => byName(services, answer, read), priority),
    readOne: (service, signal, priority) => reader.readOne({ cluster, service }, signal, priority),
  });
  return ({ cluster, service }, signal, priority) => {
    const reads = clusters.get(cluster) ?? new BatchedReads(readsIn(cluster), joining);
    clusters.set(cluster, reads);
    return reads.read(service, signal, priority);
  };
}

/** The services that were asked for, as far as they can be read; `undefined` for those that ECS does not know. */
function byName(
  asked: readonly string[],
  { services, failures }: Pick<DescribeServicesCommandOutput, "services" | "failures">,
  read: (service: Service) => ReadService,
): ReadonlyMap<string, ReadService | undefined> {
  const found = list(services, "services");
  const missing = list(failures, "failures").filter(({ reason }) => reason === "MISSING");
  const isAsked = (name: string, arn: unknown) =>
    name.startsWith("arn:") ? arn === name : lastPart(String(arn)) === name;
  const entries = asked.flatMap((name): [string, ReadService | undefined][] => {
    const shown = found.filter(({ serviceArn }) => isAsked(name, serviceArn));
    if (shown.length === 0) return missing.some(({ arn }) => isAsked(name, arn)) ? [[name, undefined]] : [];
    try {
      return [[name, read(shown[0]!)]];
    } catch {
      // It is asked for alone then, and that answer shows what is wrong.
      return [];
    }
  });
  return new Map(entries);
}

/** Joins reads of single records, also of several services, into calls for up to twenty. */
export function batchRecords(records: RecordReads, joining: Joining): RecordReads {
  const { describeServiceDeployment, describeServiceDeployments, describeServiceRevisions } = records;
  const readRevision = async (arn: string, signal: AbortSignal) => (await describeServiceRevisions([arn], signal))[0];
  const deployments = batched(describeServiceDeployments, describeServiceDeployment, joining);
  const revisions = batched(describeServiceRevisions, readRevision, joining);
  return {
    describeServiceDeployment: (arn, signal, priority) => deployments.read(arn, signal, priority),
    describeServiceDeployments: listing(deployments),
    describeServiceRevisions: listing(revisions),
  };
}

function batched<Found extends { readonly arn: string }>(
  describe: Describe<Found>,
  readOne: Reads<Found | undefined>["readOne"],
  joining: Joining,
) {
  const readSeveral: Reads<Found | undefined>["readSeveral"] = async (arns, signal, priority) => {
    const found = new Map((await describe(arns, signal, priority)).map((one) => [one.arn, one]));
    return new Map(arns.map((arn) => [arn, found.get(arn)]));
  };
  return new BatchedReads({ most: RECORDS_PER_CALL, readSeveral, readOne }, joining);
}

function listing<Found>(reads: BatchedReads<Found | undefined>): Describe<Found> {
  return async (arns, signal, priority) => {
    const read = await Promise.all(arns.map((arn) => reads.read(arn, signal, priority)));
    return read.filter((one) => one !== undefined);
  };
}
