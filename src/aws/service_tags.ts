import {
  DescribeServicesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ecs";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { EcsApi } from "./ecs_api.ts";
import { inChunks, list, readAll, requiredList, text } from "./read_answer.ts";
import { MOST_SERVICES } from "./services.ts";

/** Tags of services: the same once more changes nothing, and an answer that was lost is looked for. */
export function connectTags(
  api: EcsApi,
): Pick<EcsReader, "readServiceTags"> & Pick<EcsWriter, "tagService" | "untagService"> {
  return {
    async readServiceTags(cluster, arns, signal) {
      const found = await inChunks(arns, MOST_SERVICES, (services) =>
        // Without tags the answer is of no use: a refusal of them is one of the call.
        api.read(new DescribeServicesCommand({ cluster, services, include: ["TAGS"] }), signal, (answer) =>
          readAll(answer.services, answer.failures, services.length, "services").map(({ serviceArn, tags }) => {
            const pairs = list(tags, "tags").map(({ key, value = "" }) =>
              [text(key, "tag key"), value] as const
            );
            return [text(serviceArn, "serviceArn"), new Map(pairs)] as const;
          })));
      return new Map(found);
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

async function readTags(resourceArn: string, api: EcsApi, signal: AbortSignal): Promise<ReadonlyMap<unknown, unknown>> {
  const tags = await api.read(
    new ListTagsForResourceCommand({ resourceArn }),
    signal,
    ({ tags }) => requiredList(tags, "tags"),
  );
  return new Map(tags.map(({ key, value }) => [key, value]));
}
