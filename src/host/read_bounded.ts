import { TooLarge } from "./bounds.ts";

/** What bytes are read from, piece by piece. */
export interface Source {
  /** Fills the buffer or less of it. Returns the number of bytes, or `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

const FIRST_BYTES = 65_536;

/** Bytes that are gathered in one buffer, which grows by doubling and is never larger than it may be. */
export class Gathered {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(private readonly mostBytes: number, expectedBytes = FIRST_BYTES) {
    // A byte more than there may be shows that there is more.
    this.#bytes = new Uint8Array(Math.min(expectedBytes, mostBytes) + 1);
  }

  get room(): Uint8Array<ArrayBuffer> {
    if (this.#length === this.#bytes.length) this.#grow(this.#length + 1);
    return this.#bytes.subarray(this.#length);
  }

  took(count: number): void {
    this.#length += count;
    if (this.#length > this.mostBytes) throw new TooLarge(this.mostBytes);
  }

  /** A copy: what the system hands over may be a small part of a buffer that it keeps whole. Throws TooLarge. */
  add(chunk: Uint8Array): void {
    if (this.#length + chunk.length > this.mostBytes) throw new TooLarge(this.mostBytes);
    if (this.#length + chunk.length > this.#bytes.length) this.#grow(this.#length + chunk.length);
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The old buffer is given back at once, and not when it is found to be of no use any more. */
  #grow(atLeast: number): void {
    const length = Math.max(atLeast, Math.min(this.#bytes.length * 2, this.mostBytes + 1));
    this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(length));
  }
}

/**
 * Reads a source to its end.
 *
 * @param expectedBytes how many there are, as far as the system knows
 * @throws TooLarge as soon as there is more than `mostBytes`, however much more it is
 */
export async function readBounded(
  source: Source,
  mostBytes: number,
  expectedBytes?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = new Gathered(mostBytes, expectedBytes);
  for (;;) {
    const count = await source.read(gathered.room);
    if (count === null) return gathered.bytes;
    gathered.took(count);
  }
}

/**
 * The same for a stream, which is cancelled where it is too large.
 *
 * @param onChunk called with the number of bytes of each chunk, before the next one is read
 */
export async function readStreamBounded(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  mostBytes: number,
  onChunk: (bytes: number) => Promise<void> = () => Promise.resolve(),
): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = new Gathered(mostBytes);
  // Leaving the loop cancels the stream.
  for await (const chunk of stream) {
    gathered.add(chunk);
    await onChunk(chunk.length);
  }
  return gathered.bytes;
}

/**
 * A stream that breaks off where it has more than `mostBytes`.
 *
 * @param toError makes what its reader gets of a `TooLarge`
 */
export function boundStream(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  mostBytes: number,
  toError: (error: TooLarge) => unknown,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let length = 0;
  return stream.pipeThrough(
    new TransformStream({
      transform(chunk: Uint8Array<ArrayBuffer>, controller) {
        length += chunk.length;
        if (length > mostBytes) throw toError(new TooLarge(mostBytes));
        controller.enqueue(chunk);
      },
    }),
  );
}

/** The text of bytes in UTF-8, which are given back at once. */
export function decodeAndFree(bytes: Uint8Array<ArrayBuffer>): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  bytes.buffer.transfer(0);
  return text;
}
