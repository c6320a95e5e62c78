import { Readable } from "node:stream";
import { ANSWER_TOO_LARGE } from "../errors.ts";
import { weighJson } from "../model/json.ts";
import {
  boundStream,
  inMib,
  LARGEST_ANSWER_BYTES,
  LARGEST_FILE_BYTES,
  readBounded,
  TooLarge,
} from "../host/read_bounded.ts";

/** What an answer may take in memory when it is parsed, in bytes: the SDK and its readers parse it several times. */
const HEAVIEST_ANSWER = 16_777_216;
/** What an element or an end tag of XML takes, in bytes: the SDK makes objects of them, and texts of their paths. */
const WEIGHT_OF_TAG = 400;
const LESS_THAN = 0x3c;

/** Larger answers than this come one after the other: what has come is held several times until it is parsed. */
const LARGE_BYTES = 1_048_576;
const IS_PARSED_WITHIN_MS = 250;

let lastLarge = Promise.resolve();

class Turn {
  #bytes = 0;
  #release: (() => void) | undefined;

  async count(bytes: number): Promise<void> {
    this.#bytes += bytes;
    if (this.#release !== undefined || this.#bytes < LARGE_BYTES) return;
    const before = lastLarge;
    const { promise, resolve } = Promise.withResolvers<void>();
    lastLarge = promise;
    this.#release = resolve;
    await before;
  }

  end(afterMs: number): void {
    if (this.#release !== undefined) setTimeout(this.#release, afterMs);
  }
}

/** The answer is refused for its size: what it says is not known. */
export class AnswerTooLarge extends Error {
  override readonly name = ANSWER_TOO_LARGE;
}

/**
 * `fetch`, with answers of a bounded size: 32 MiB unpacked, and of an object of S3, which may be somebody's state, 64 MiB.
 * The network may hand over packed bytes; what is counted here is what they unpack to.
 *
 * @throws AnswerTooLarge as soon as there is more, however much more would come; the stream of an object does so
 */
export async function boundFetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
  // As it is: a copy would lose what Deno alone knows of it.
  const request = input instanceof Request && init === undefined ? input : new Request(input, init);
  const response = await fetch(request);
  const { body } = response;
  if (body === null) return response;
  const host = new URL(request.url).host;
  if (request.method === "GET" && response.ok) {
    return new Response(boundStream(body, LARGEST_FILE_BYTES, (error) => refuse(host, error)), response);
  }
  const turn = new Turn();
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readBounded(body, LARGEST_ANSWER_BYTES, (count) => turn.count(count));
    turn.end(IS_PARSED_WITHIN_MS);
  } catch (error) {
    turn.end(0);
    throw refuse(host, error);
  }
  if (weigh(bytes) > HEAVIEST_ANSWER) {
    const size = inMib(bytes.length);
    throw new AnswerTooLarge(
      `the answer of ${host} is refused: ${size}, which take more memory than answers of AWS do`,
    );
  }
  return new Response(bytes, response);
}

function refuse(host: string, error: unknown): unknown {
  return error instanceof TooLarge ? new AnswerTooLarge(`the answer of ${host} is refused: ${error.message}`) : error;
}

/** With what stands in them; a text that is not ASCII takes two bytes a character, however often it is copied. */
function weigh(bytes: Uint8Array): number {
  const isXml = bytes.find((byte) => byte > 0x20 && byte < 0x80) === LESS_THAN;
  let weight = bytes.length + (isXml ? 0 : weighJson(bytes));
  for (const byte of bytes) {
    if (byte >= 0x80) weight += 2;
    else if (isXml && byte === LESS_THAN) weight += WEIGHT_OF_TAG;
  }
  return weight;
}

/** Credentials and the metadata of a machine take a few kilobytes. */
const LARGEST_CREDENTIALS_BYTES = 1_048_576;

let isNodeHttpBound = false;

/**
 * Bounds the answers that come over `node:http`: the SDK fetches the credentials of containers and instances over it, holds
 * whatever comes, and takes no other way. All of their bytes go through `push()` of `Readable`; Deno has had two classes
 * for answers, and does not name the older one.
 */
export function boundNodeHttp(): void {
  if (isNodeHttpBound) return;
  isNodeHttpBound = true;
  const taken = new WeakMap<Readable, number>();
  const push = Readable.prototype.push;
  Readable.prototype.push = function (this: Readable, ...args: Parameters<typeof push>) {
    if (!("statusCode" in this)) return push.apply(this, args);
    const [chunk] = args;
    const bytes = (taken.get(this) ?? 0) + (chunk?.length ?? 0);
    taken.set(this, bytes);
    if (bytes <= LARGEST_CREDENTIALS_BYTES) return push.apply(this, args);
    this.destroy(
      new AnswerTooLarge(`an answer with credentials is refused: it is more than ${inMib(LARGEST_CREDENTIALS_BYTES)}`),
    );
    return false;
  };
}
