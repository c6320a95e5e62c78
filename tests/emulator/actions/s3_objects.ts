/** GetObject, HeadObject and HeadBucket of Amazon S3 */
import { AwsFailure } from "../failure.ts";
import { digitsFrom } from "../identifiers.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import type { Actions } from "./action.ts";

const ETAG_LENGTH = 32;

function objectsIn(world: World, bucket: string) {
  const objects = Object.hasOwn(world.objects, bucket) ? world.objects[bucket] : undefined;
  if (!objects) throw new AwsFailure("NoSuchBucket", "The specified bucket does not exist", 404);
  return objects;
}

function findObject(world: World, input: Input) {
  const [bucket, key] = [input.requiredString("Bucket"), input.requiredString("Key")];
  const objects = objectsIn(world, bucket);
  const object = Object.hasOwn(objects, key) ? objects[key] : undefined;
  if (!object) throw new AwsFailure("NoSuchKey", "The specified key does not exist.", 404);
  return object;
}

function getObject(world: World, input: Input): JsonObject {
  return { Body: findObject(world, input).body, ...headObject(world, input) };
}

function headObject(world: World, input: Input): JsonObject {
  const object = findObject(world, input);
  return {
    ContentType: "binary/octet-stream",
    ETag: `"${digitsFrom(object.body, ETAG_LENGTH)}"`,
    LastModified: new Date(object.modifiedAtMs).toUTCString(),
  };
}

/** By which other clients learn the region of a bucket. */
function headBucket(world: World, input: Input): JsonObject {
  objectsIn(world, input.requiredString("Bucket"));
  return { BucketRegion: world.settings.region };
}

export const actions: Actions = { GetObject: getObject, HeadObject: headObject, HeadBucket: headBucket };
