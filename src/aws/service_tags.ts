import {
  ListTagsForResourceCommand,
  type Service,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ecs";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { EcsApi } from "./ecs_api.ts";
import { list, requiredList, text } from "./read_answer.ts";
import type { ServiceReader } from "./services.ts";

/** Reads and changes tags of services. The same change twice does no harm; after a lost answer, the tags are read. */
export function connectTags(
  api: EcsApi,
  services: ServiceReader,
): Pick<EcsReader, "readServiceTags"> & Pick<EcsWriter, "tagService" | "untagService"> {
  return {
    async readServiceTags(cluster, arns, signal) {
      // Only the tags are wanted: where AWS refuses them, the call fails.
      return new Map(await services.describeAll({ cluster, arns, include: ["TAGS"] }, signal, tagsOf));
    },
    tagService(arn, tags, signal) {
      const pairs = Object.entries(tags);
      return api.changeUnanswered(
        new TagResourceCommand({ resourceArn: arn, tags: pairs.map(([key, value]) => ({ key, value })) }),
        async () => {
          const found = await readTags(arn, api, signal);
          return pairs.every(([key, value]) => found.get(key) === value);
        },
        signal,
      );
    },
    untagService: (arn, keys, signal) =>
      api.changeUnanswered(
        new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }),
        async () => {
          const found = await readTags(arn, api, signal);
          return !keys.some((key) => found.has(key));
        },
        signal,
      ),
  };
}

function tagsOf({ serviceArn, tags }: Service): readonly [string, ReadonlyMap<string, string>] {
  const pairs = list(tags, "tags").map(({ key, value = "" }) => [text(key, "tag.key"), value] as const);
  return [text(serviceArn, "serviceArn"), new Map(pairs)];
}

async function readTags(resourceArn: string, api: EcsApi, signal: AbortSignal): Promise<ReadonlyMap<unknown, unknown>> {
  const tags = await api.read(
    new ListTagsForResourceCommand({ resourceArn }),
    signal,
    ({ tags }) => requiredList(tags, "tags"),
  );
  return new Map(tags.map(({ key, value }) => [key, value]));
}
