/** Random worlds in which tags are pushed again, images go, and one task definition is deployed more than once. */
import fc from "fast-check";
import { crashLoop, healthy } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { AwsFailure } from "../emulator/failure.ts";
import type { JsonObject } from "../emulator/model.ts";
import { imageOf, imageWithTag, myservice, SERVICE, taskDefinition, UNTIL_STEADY_MS } from "../emulator/myservice.ts";
import { ECS } from "./rollback_worlds.ts";

/** One deployment of the past. */
export interface PastStep {
  readonly revision: number;
  /** Whether the tags are pushed again before it. */
  readonly pushes: boolean;
  /** How it ends; a `slow` one is replaced before its tasks run. */
  readonly ends: "well" | "crashes" | "stopped" | "slow";
}

export interface ImageWorldSpec {
  /** The second container of every revision: none, or what its image is like. */
  readonly side: "none" | "ecr" | "elsewhere" | "byDigest" | "inconsistent";
  /** Whether all revisions name the same tag. */
  readonly sharesTag: boolean;
  readonly steps: readonly PastStep[];
  readonly breaker: "none" | "stop" | "rollback";
  /** How long ago the last deployment began. */
  readonly afterLastMs: number;
  /** Whether the tags are pushed again after it. */
  readonly pushesLast: boolean;
  /** What of the images that ran is gone: the number of a digest, from the oldest. */
  readonly gone: { readonly index: number; readonly isArchived: boolean } | null;
}

const FAMILY_SIZE = 4;
const LATEST = imageWithTag("latest");
const SIDE = LATEST.replace("/myservice:", "/side:");
const ELSEWHERE = "public.ecr.aws/example/side:1";

function sideOf(spec: ImageWorldSpec, digest: string): JsonObject[] {
  const container = { name: "side", essential: false, cpu: 0 };
  switch (spec.side) {
    case "none":
      return [];
    case "ecr":
      return [{ ...container, image: SIDE }];
    case "elsewhere":
      return [{ ...container, image: ELSEWHERE }];
    case "byDigest":
      return [{ ...container, image: SIDE.replace(":latest", `@${digest}`) }];
    case "inconsistent":
      return [{ ...container, image: SIDE, versionConsistency: "disabled" }];
  }
}

function tagsOf({ sharesTag, side }: ImageWorldSpec): string[] {
  const own = sharesTag ? [LATEST] : [1, 2, 3, 4].map(imageOf);
  return [...own, ...(side === "elsewhere" ? [ELSEWHERE] : side === "none" ? [] : [SIDE])];
}

/** Brings a world about by really deploying its past. */
export function createImageWorld(spec: ImageWorldSpec): Emulator {
  const emulator = myservice({ history: [1] });
  const tags = tagsOf(spec);
  const push = () => tags.map((tag) => emulator.setImage(tag));
  const digest = push().at(-1)!;
  // The family that `myservice()` has made is numbered 1 to 4: these are 5 to 8.
  for (let revision = 1; revision <= FAMILY_SIZE; revision++) {
    const { containerDefinitions, ...others } = taskDefinition(revision, spec.sharesTag ? LATEST : undefined);
    emulator.registerTaskDefinition({
      ...others,
      containerDefinitions: [...containerDefinitions as JsonObject[], ...sideOf(spec, digest)],
    });
  }
  emulator.updateService({
    service: SERVICE,
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: spec.breaker !== "none", rollback: spec.breaker === "rollback" },
    },
  });
  for (const [index, step] of spec.steps.entries()) {
    if (step.pushes) push();
    deploy(emulator, step, index === spec.steps.length - 1 ? spec.afterLastMs : undefined);
  }
  if (spec.pushesLast) push();
  const digests = emulator.imageDigests(LATEST);
  const gone = spec.gone && digests[spec.gone.index % digests.length];
  if (gone) takeAway(emulator, gone, spec.gone.isArchived);
  return emulator;
}

function takeAway(emulator: Emulator, digest: string, isArchived: boolean): void {
  const image = LATEST.replace(":latest", `@${digest}`);
  if (isArchived) emulator.archiveImage(image);
  else emulator.setImage(image, false);
}

function deploy(emulator: Emulator, { revision, ends }: PastStep, afterMs: number | undefined): void {
  const name = `${SERVICE}:${revision}`;
  emulator.setBehaviour(name, ends === "crashes" ? crashLoop() : healthy());
  const isSame = String(emulator.describeService(SERVICE).taskDefinition).endsWith(`/${name}`);
  emulator.updateService({ service: SERVICE, taskDefinition: name, ...(isSame && { forceNewDeployment: true }) });
  const lastsMs = ends === "slow" ? 10_000 : ends === "stopped" ? 40_000 : UNTIL_STEADY_MS;
  emulator.advance(Math.min(lastsMs, afterMs ?? Infinity));
  if (ends !== "stopped" || (afterMs ?? Infinity) <= lastsMs) return;
  stopDeployment(emulator);
  emulator.advance(Math.min(UNTIL_STEADY_MS, afterMs ?? Infinity));
}

/** Not where it has ended by itself. */
function stopDeployment(emulator: Emulator): void {
  const { currentServiceDeployment: serviceDeploymentArn } = emulator.describeService(SERVICE);
  try {
    emulator.call(`${ECS}.StopServiceDeployment`, { serviceDeploymentArn, stopType: "ROLLBACK" });
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
  }
}

const arbitraryStep: fc.Arbitrary<PastStep> = fc.record({
  revision: fc.integer({ min: 5, max: 7 }),
  pushes: fc.boolean(),
  ends: fc.oneof(
    { weight: 6, arbitrary: fc.constant("well" as const) },
    { weight: 2, arbitrary: fc.constantFrom("crashes" as const, "stopped", "slow") },
  ),
});

export const arbitraryImageWorld: fc.Arbitrary<ImageWorldSpec> = fc.record({
  side: fc.oneof(
    { weight: 3, arbitrary: fc.constant("none" as const) },
    { weight: 2, arbitrary: fc.constantFrom("ecr" as const, "elsewhere", "byDigest", "inconsistent") },
  ),
  sharesTag: fc.boolean(),
  steps: fc.array(arbitraryStep, { minLength: 1, maxLength: 5 }),
  breaker: fc.constantFrom("none", "stop", "rollback"),
  afterLastMs: fc.oneof(
    { weight: 3, arbitrary: fc.constant(UNTIL_STEADY_MS) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 120_000 }) },
  ),
  pushesLast: fc.boolean(),
  gone: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ index: fc.nat(4), isArchived: fc.boolean() }) },
  ),
});
