import { parseTaskDefinitionArn, type Revision, shortName, siblingArn } from "../../model/arn.ts";
import { readWrittenImages } from "../../model/images.ts";
import type { EcsReader, ImageRegistry } from "../../model/ports.ts";
import type { DescribedService } from "../../model/service.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { LimitedChecker } from "../limited_checker.ts";
import { chooseDeployment } from "./choose_deployment.ts";
import { choosePrevious, chooseStable, type Search } from "./choose_previous.ts";
import { readPastRecord } from "./past_record.ts";
import { beginImages } from "./read_images.ts";
import type { NeedsReader } from "./read_preflight.ts";
import { type Chosen, chosen, type LeftChoice, noneChosen, type RevisionChoice } from "./revision_choice.ts";

/** What a choice is made for. */
export interface Choosing extends Search {
  readonly choice: RevisionChoice;
}

/** What the target is read with. */
export interface TargetReading {
  readonly service: DescribedService;
  readonly early: EarlyTarget;
  readonly checker: LimitedChecker | undefined;
  readonly needs: NeedsReader | undefined;
}

/** Finds the target, and begins to look for what it needs: its images by ECS's record while its definition is being read. */
export async function readTarget(choosing: Choosing, { service, early, checker, needs }: TargetReading) {
  const { ecs, running, signal } = choosing;
  early.beginImages(running, checker);
  const chosen = await chooseRevision(choosing);
  if (chosen.kind === "none") return { chosen, target: undefined };
  beginImages(chosen.ran?.images ?? [], checker, signal);
  const target = await ecs.describeTaskDefinition(shortName(chosen), signal);
  if (target !== undefined) {
    needs?.begin(target.raw, "byRecord");
    needs?.beginTargetGroups(service.raw, target.raw);
  }
  return { chosen, target };
}

/**
 * Finds the revision that a choice means for a service that runs `running`. Asks AWS only for `previous`, and where
 * another family is named. That the deployments may not be read is a doubt only.
 */
export async function chooseRevision(choosing: Choosing): Promise<Chosen> {
  const { choice, running } = choosing;
  switch (choice.kind) {
    case "number":
      return chosen({ ...choice, family: choice.family ?? running.family }, undefined);
    case "named":
      return await chooseNamed(choice, choosing);
    case "previous":
      return await choosePrevious(choosing);
    case "stable":
      return await chooseStable(choice.minServedMs, choosing);
    default:
      return await chooseDeployment(choice, choosing);
  }
}

/** What names a revision, as a full one: a number is of the family that the service runs. */
export function revisionNamed(choice: LeftChoice, running: Revision): Revision {
  const { revision } = choice;
  const family = choice.family ?? running.family;
  const isArn = choice.kind === "named" && choice.name.startsWith("arn:");
  const arn = isArn ? choice.name : siblingArn(running, revision).replace(/[^/]*$/, `${family}:${revision}`);
  return { arn, family, revision };
}

async function chooseNamed(
  named: Extract<RevisionChoice, { kind: "named" }>,
  choosing: Choosing,
): Promise<Chosen> {
  const { name, family } = named;
  const { running, service } = choosing;
  const prefix = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
  if (name.startsWith("arn:") && prefix(name) !== prefix(running.arn)) {
    return noneChosen({ code: "foreignAccount", running });
  }
  const isOfFamily = (arn: string | undefined) => arn !== undefined && parseTaskDefinitionArn(arn).family === family;
  const isShown = family === running.family ||
    service.deployments.some(({ taskDefinition }) => isOfFamily(taskDefinition));
  if (isShown) return chosen(named, undefined);
  const { past, earliest, doubts } = await readPastRecord(choosing, running);
  if (isOfFamily(earliest?.taskDefinition) || past.some(({ taskDefinition }) => isOfFamily(taskDefinition))) {
    return chosen(named, undefined, doubts);
  }
  // What cannot be known is up to the user.
  if (doubts.length > 0) return { ...chosen(named, undefined, doubts), isProven: false };
  return noneChosen({ code: "foreignFamily", family, running });
}

/**
 * The target, which is read a round trip before it is known for certain: a number is most likely of the family that the
 * user's files define. What is read in vain costs a call, and no time.
 */
export class EarlyTarget {
  readonly #family: string | undefined;
  readonly #reading: Promise<TaskDefinition | undefined> | undefined;
  #areImagesBegun = false;

  /** @param ecs reads each task definition once: a later reading of the target gets this answer, or error */
  constructor(
    choice: RevisionChoice,
    likelyFamily: string | undefined,
    ecs: EcsReader,
    private readonly signal: AbortSignal,
  ) {
    if (!("revision" in choice)) return;
    this.#family = choice.family ?? likelyFamily;
    if (this.#family === undefined) return;
    const name = shortName({ family: this.#family, revision: choice.revision });
    this.#reading = ecs.describeTaskDefinition(name, signal);
    this.#reading.catch(() => undefined);
  }

  /**
   * Begins to look up the images by the names in the task definition, while it is being read what ran. Does nothing where
   * the service runs another family.
   *
   * @param registry looks each image up once; an error is thrown where an image is asked for again
   */
  beginImages({ family }: Revision, registry: ImageRegistry | undefined): void {
    if (family !== this.#family) return;
    this.#reading?.then((target) => {
      const written = target === undefined ? [] : readWrittenImages(target.raw);
      beginImages(written.map(({ image }) => ({ image, digest: undefined })), registry, this.signal);
      this.#areImagesBegun = true;
    }).catch(() => undefined);
  }

  /** Whether the images have been asked for by their tags, at the same time as what ran. */
  get areImagesBegun(): boolean {
    return this.#areImagesBegun;
  }
}
