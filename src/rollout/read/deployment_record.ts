import { type Optional, optional } from "../../errors.ts";
import type { EcsReader } from "../../model/ports.ts";
import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../../model/service.ts";
import {
  hasEnded,
  hasFailed,
  isGoingBack,
  MOST_PAST_DEPLOYMENTS,
  type PastDeployment,
  type ServiceDeployment,
  type ServiceRevision,
  wasTurnedBack,
} from "../../model/service_deployment.ts";
import { currentRevision } from "./read_service.ts";

/** What one call describes: a rollback by number rarely goes further back. */
const FEW_DEPLOYMENTS = 20;

type Past = Optional<readonly PastDeployment[]>;

/** ECS's own record of a service's deployments, read once, and no further back than is asked for. */
export class DeploymentRecord {
  readonly #ref: ServiceRef;
  readonly #ecs: EcsReader;
  readonly #signal: AbortSignal;
  #few: Promise<Past> | undefined;
  #most: Promise<Past> | undefined;
  #running: Promise<ServiceRevision | undefined> | undefined;
  #earliest: Promise<ServiceRevision | undefined> | undefined;
  #isOldestWanted = false;
  #oldest: Promise<ServiceDeployment | undefined> | undefined;

  constructor(ref: ServiceRef, ecs: EcsReader, signal: AbortSignal) {
    this.#ref = ref;
    this.#ecs = ecs;
    this.#signal = signal;
  }

  /**
   * Begins to read. An error is thrown where the result is awaited. With `most`, the oldest deployment is described side by
   * side with what each was to bring, because what it came from may be what is looked for.
   */
  begin(amount: "few" | "most"): void {
    this.#isOldestWanted = amount === "most";
    this.read(amount).catch(() => undefined);
  }

  /** The deployments of the last 90 days, newest first, or the denial. */
  async read(amount: "few" | "most"): Promise<Past> {
    if (amount === "few" && this.#most === undefined) return await (this.#few ??= this.#list(FEW_DEPLOYMENTS));
    const few = await this.#few;
    const isWhole = few !== undefined && (few.value === undefined || few.value.length < FEW_DEPLOYMENTS);
    return isWhole ? few : await (this.#most ??= this.#list(MOST_PAST_DEPLOYMENTS));
  }

  /** The newest deployment that `isMeant`; `undefined` where there is none on record, or the record may not be read. */
  async find(isMeant: (deployment: PastDeployment) => boolean): Promise<PastDeployment | undefined> {
    return (await this.read("few")).value?.find(isMeant) ?? (await this.read("most")).value?.find(isMeant);
  }

  /** The service revision that a service runs, or is to run; `undefined` where ECS does not show it. */
  async findRunning(service: ServiceSnapshot): Promise<ServiceRevision | undefined> {
    return await (this.#running ??= this.#findRunning(service));
  }

  async #findRunning({ serviceRevisionArns, taskDefinition }: ServiceSnapshot): Promise<ServiceRevision | undefined> {
    const { value: past = [] } = await this.read("few");
    const known = past.flatMap(({ revision }) => revision ?? []).filter(({ arn }) => serviceRevisionArns.includes(arn));
    const others = serviceRevisionArns.filter((arn) => known.every((revision) => revision.arn !== arn));
    const { value = [] } = others.length === 0
      ? {}
      : await optional(this.#ecs.describeServiceRevisions(others, this.#signal));
    const all = [...known, ...value];
    // Two deployments of one task definition differ in nothing else.
    const left = new Set(past.filter(wasTurnedBack).map(({ revision }) => revision?.arn));
    const kept = all.filter(({ arn }) => !left.has(arn));
    return currentRevision(kept.length > 0 ? kept : all, taskDefinition);
  }

  /**
   * The service revision that the PRIMARY deployment is about; `undefined` also where ECS's records do not agree: one may
   * lag behind, and a deployment of the same task definition that has just begun must not pass for the one before.
   */
  async findDeployed(service: ServiceSnapshot): Promise<ServiceRevision | undefined> {
    const runs = await this.findRunning(service);
    const { value: past = [] } = await this.read("few");
    const [newest] = past.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
    if (newest === undefined || runs === undefined) return runs;
    if (hasFailed(newest) || isGoingBack(newest)) return runs;
    const isUnderWay = primaryDeployment(service)?.rolloutState === "IN_PROGRESS";
    return newest.revision?.arn !== runs.arn || (isUnderWay && hasEnded(newest)) ? undefined : runs;
  }

  /**
   * What ran before all of the deployments: a service may have run the same for longer than ECS keeps records. `undefined`
   * where the oldest deployment on record came from several task definitions, or none.
   *
   * @throws AwsError where that may not be read
   */
  async findEarliest(): Promise<ServiceRevision | undefined> {
    return await (this.#earliest ??= this.#findEarliest());
  }

  async #findEarliest(): Promise<ServiceRevision | undefined> {
    const { value: past = [] } = await this.read("most");
    const oldest = past.toSorted((a, b) => a.createdAtMs - b.createdAtMs)[0];
    if (oldest === undefined) return undefined;
    const begun = await this.#oldest;
    const deployment = begun?.arn === oldest.arn
      ? begun
      : await this.#ecs.describeServiceDeployment(oldest.arn, this.#signal);
    const [source, ...others] = deployment?.sourceRevisionArns ?? [];
    if (source === undefined || others.length > 0) return undefined;
    const known = past.find(({ revision }) => revision?.arn === source)?.revision;
    return known ?? (await this.#ecs.describeServiceRevisions([source], this.#signal))[0];
  }

  #list(limit: number): Promise<Past> {
    const onListed = this.#isOldestWanted ? this.#beginOldest : undefined;
    return optional(this.#ecs.listPastDeployments(this.#ref, limit, this.#signal, onListed));
  }

  readonly #beginOldest = (arns: readonly string[]): void => {
    const oldest = arns.at(-1);
    this.#oldest = oldest === undefined ? undefined : this.#ecs.describeServiceDeployment(oldest, this.#signal);
    this.#oldest?.catch(() => undefined);
  };
}
