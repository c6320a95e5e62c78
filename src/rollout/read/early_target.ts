import { type Revision, shortName } from "../../model/arn.ts";
import { readWrittenImages } from "../../model/images.ts";
import type { EcsReader, ImageRegistry } from "../../model/ports.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import { beginImages } from "./read_images.ts";
import type { RevisionChoice } from "./revision_choice.ts";

/**
 * Reads the target a round trip before it is known for certain: a bare number most likely belongs to the family that
 * the user's files define. A wrong guess costs one call and no time.
 */
export class EarlyTarget {
  readonly #family: string | undefined;
  readonly #reading: Promise<TaskDefinition | undefined> | undefined;
  /** Whether the lookup of the images by their tags has begun, before it was known what ran. */
  areImagesBegun = false;

  /** @param ecs reads each task definition once: a later read of the target gets the same answer, or error */
  constructor(
    choice: RevisionChoice,
    likelyFamily: string | undefined,
    ecs: EcsReader,
    private readonly signal: AbortSignal,
  ) {
    if (!("revision" in choice)) return;
    this.#family = "family" in choice ? choice.family : likelyFamily;
    if (this.#family === undefined) return;
    const name = shortName({ family: this.#family, revision: choice.revision });
    this.#reading = ecs.describeTaskDefinition(name, signal);
    this.#reading.catch(() => undefined);
  }

  /**
   * Begins to look up the images by the names in the task definition, while what ran is still being read. Does nothing
   * where the service runs another family.
   *
   * @param registry looks up each image once: an error is thrown where the image is asked for again
   */
  beginImages({ family }: Revision, registry: ImageRegistry | undefined): void {
    if (family !== this.#family) return;
    this.#reading?.then((target) => {
      const written = target === undefined ? [] : readWrittenImages(target.raw);
      beginImages(written.map(({ image }) => ({ image, digest: undefined })), registry, this.signal);
      this.areImagesBegun = true;
    }).catch(() => undefined);
  }
}
