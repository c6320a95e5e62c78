import { optional } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { type ContainerImage, pinImage, readWrittenImages, withImages } from "../../model/images.ts";
import type { JsonObject } from "../../model/json.ts";
import { findMisfits } from "../../model/misfit.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment, ServiceRevision } from "../../model/service_deployment.ts";
import { findReferences, findServiceReferences, type Reference } from "../../registry/find_references.ts";
import type { DeploymentRecord } from "./deployment_record.ts";
import type { ImagesState } from "./read_images.ts";
import type { LimitedChecker } from "./limited_checker.ts";
import { preventsStart, type Verified, verifyReferences } from "../../registry/verify_references.ts";

/** Whether the tasks of a target would start, as far as that was checked. */
export interface PreflightState {
  /** What they need, with what is missing, unusable or not checked; a rollback's images are in `ImagesState`. */
  readonly needs: readonly Verified[];
  /** The newest older deployment on record that has all it needs; searched for only where something is missing. */
  readonly passing?: Revision | "none" | undefined;
}

/** Looks for what a task definition needs while everything else is read. */
export class NeedsReader {
  readonly #looking: Promise<readonly Verified[]>[] = [];

  /** @param looksForTargetGroups false where the service gets its earlier load balancers back */
  constructor(
    private readonly checker: LimitedChecker,
    private readonly signal: AbortSignal,
    private readonly looksForTargetGroups: boolean,
  ) {}

  /**
   * Begins to look; an error is thrown where the result is awaited. No secret is read, so no key in one is checked.
   *
   * @param images `byRecord`: they are looked up once it is known what ran
   */
  begin(definition: JsonObject, images: "byTag" | "byRecord"): void {
    const isLater = ({ kind }: Reference) => kind === "secretKey" || (kind === "image" && images === "byRecord");
    this.#begin(findReferences(definition).filter((reference) => !isLater(reference)));
  }

  /** Begins to look for the target groups that send traffic to tasks. */
  beginTargetGroups(service: JsonObject, definition: JsonObject): void {
    if (this.looksForTargetGroups) this.#begin(findServiceReferences(service, definition));
  }

  #begin(references: readonly Reference[]): void {
    const looking = verifyReferences(references, this.checker, this.signal);
    looking.catch(() => undefined);
    this.#looking.push(looking);
  }

  /** Waits for what was looked up, and searches for an older deployment where something is missing. */
  async read(
    { images, record, ...search }: Omit<OlderSearch, "past"> & {
      readonly images?: ImagesState;
      readonly record: DeploymentRecord;
    },
    ecs: EcsReader,
    signal: AbortSignal,
  ): Promise<PreflightState> {
    const needs = (await Promise.all(this.#looking)).flat();
    const isIncomplete = needs.some(preventsStart) || [...images?.today.values() ?? []].includes("missing");
    const past = isIncomplete ? (await record.read("most")).value : undefined;
    if (past === undefined) return { needs };
    return { needs, passing: await findPassing({ ...search, past }, ecs, this.checker, signal) ?? "none" };
  }
}

/** How many older deployments are checked: going back even further is for a person to decide. */
const MAX_OLDER = 5;

/** What the search for an older deployment needs to know. */
interface OlderSearch {
  readonly service: ServiceSnapshot;
  /** The newest first. */
  readonly past: readonly PastDeployment[];
  readonly target: Revision;
  /** What ran when the target was deployed; `undefined` where that is not on record. */
  readonly ran: ServiceRevision | undefined;
}

/** Finds the newest deployment before the target's whose task definition fits the service and has all that it needs. */
export async function findPassing(
  search: OlderSearch,
  ecs: EcsReader,
  checker: LimitedChecker,
  signal: AbortSignal,
): Promise<Revision | undefined> {
  const older = await Promise.all(
    olderThanTarget(search).map(async ({ arn, images }) => ({
      images,
      definition: (await optional(ecs.describeTaskDefinition(arn, signal))).value,
    })),
  );
  checker.startLimit();
  for (const { images, definition } of older) {
    if (definition?.status !== "ACTIVE" || findMisfits(search.service, definition).length > 0) continue;
    const references = findReferences(withDigests(definition.raw, images)).filter(({ kind }) => kind !== "secretKey");
    const verified = await verifyReferences(references, checker, signal);
    if (!verified.some(preventsStart)) return parseTaskDefinitionArn(definition.arn);
  }
  return undefined;
}

/** The newest successful deployment, which is what a number means, of each revision before the target's. */
function olderThanTarget({ service, past, target, ran }: OlderSearch) {
  const newest = new Map<string, PastDeployment>();
  for (const one of past) {
    const { status, taskDefinition } = one;
    if (status !== "SUCCESSFUL" || taskDefinition === undefined || newest.has(taskDefinition)) continue;
    newest.set(taskDefinition, one);
  }
  const isOfTarget = ({ revision, taskDefinition }: PastDeployment) =>
    ran === undefined ? taskDefinition === target.arn : revision?.arn === ran.arn;
  const limitMs = past.find(isOfTarget)?.createdAtMs ?? Infinity;
  return [...newest]
    .filter(([arn, { createdAtMs }]) => createdAtMs < limitMs && arn !== target.arn && arn !== service.taskDefinition)
    .slice(0, MAX_OLDER)
    .map(([arn, { revision }]) => ({ arn, images: revision?.images ?? [] }));
}

/** A definition with its images named by the digests that ran, as a rollback to it starts them. */
function withDigests(definition: JsonObject, images: readonly ContainerImage[]): JsonObject {
  const pins = readWrittenImages(definition).flatMap(({ container, image }) => {
    const digest = images.find((one) => one.container === container)?.digest;
    return digest === undefined ? [] : [[container, pinImage(image, digest)] as const];
  });
  return withImages(definition, Object.fromEntries(pins));
}
