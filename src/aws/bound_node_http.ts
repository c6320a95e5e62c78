import { Readable } from "node:stream";
import { inMib } from "../host/bounds.ts";
import { AnswerTooLarge } from "./bound_fetch.ts";

/** Credentials, and what a machine is told of itself, take a few kilobytes. */
const LARGEST_BYTES = 1_048_576;

let isBound = false;

/**
 * Bounds the answers that come over `node:http`: the SDK fetches the credentials of containers and instances over it, holds
 * whatever comes, and takes no other way. All of their bytes go through `push()` of `Readable`; Deno has had two classes
 * for answers, and does not name the older one.
 */
export function boundNodeHttp(): void {
  if (isBound) return;
  isBound = true;
  const taken = new WeakMap<Readable, number>();
  const push = Readable.prototype.push;
  Readable.prototype.push = function (this: Readable, ...args: Parameters<typeof push>) {
    if (!("statusCode" in this)) return push.apply(this, args);
    const [chunk] = args;
    const bytes = (taken.get(this) ?? 0) + (chunk?.length ?? 0);
    taken.set(this, bytes);
    if (bytes <= LARGEST_BYTES) return push.apply(this, args);
    this.destroy(new AnswerTooLarge(`an answer with credentials is refused: it is more than ${inMib(LARGEST_BYTES)}`));
    return false;
  };
}
