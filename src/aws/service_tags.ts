import { ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-ecs";
import type { EcsWriter } from "../model/ports.ts";
import type { EcsApi } from "./ecs_api.ts";
import { requiredList } from "./read_answer.ts";

/** Tags of a service: the same once more changes nothing, and an answer that was lost is looked for. */
export function tagServices(api: EcsApi): Pick<EcsWriter, "tagService" | "untagService"> {
  const readTag = (arn: string, key: string, signal: AbortSignal) =>
    api.read(
      new ListTagsForResourceCommand({ resourceArn: arn }),
      signal,
      ({ tags }) => requiredList(tags, "tags").find((tag) => tag.key === key) ?? { value: undefined },
    );
  return {
    tagService: (arn, key, value, signal) =>
      api.changeUnanswered(
        new TagResourceCommand({ resourceArn: arn, tags: [{ key, value }] }),
        async () => (await readTag(arn, key, signal)).value === value,
        signal,
      ),
    untagService: (arn, key, signal) =>
      api.changeUnanswered(
        new UntagResourceCommand({ resourceArn: arn, tagKeys: [key] }),
        async () => (await readTag(arn, key, signal)).value === undefined,
        signal,
      ),
  };
}
