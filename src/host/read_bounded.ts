import { MachineError } from "../host.ts";

/**
 * The limits of what the program reads, which bound its memory (512 MiB). Anything larger is refused, with its size: it
 * is a file named by mistake, or an attack.
 */

export const MIB = 1_048_576;

/** Bytes of a file, and of what another program writes. */
export const LARGEST_FILE_BYTES = 64 * MIB;

/** Bytes of an answer over the network, once it is unpacked. */
export const LARGEST_ANSWER_BYTES = 32 * MIB;

/** There is more than the program takes in. */
export class TooLarge extends MachineError {
  /** @param bytes the whole size; `undefined` if reading has stopped before the end */
  constructor(readonly mostBytes: number, bytes?: number) {
    super({ code: "moreThan", mostBytes, bytes });
  }
}

const FIRST_BYTES = 65_536;

/** Gathers bytes in one buffer, which grows by doubling, up to its limit. */
export class ByteBuffer {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  constructor(private readonly mostBytes: number) {}

  /** Copies the chunk, which may be a small part of a buffer that the system keeps whole. Throws TooLarge. */
  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.mostBytes) throw new TooLarge(this.mostBytes);
    if (length > this.#bytes.length) {
      const larger = Math.max(length, Math.min(this.#bytes.length * 2, this.mostBytes));
      // Frees the old buffer at once.
      this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(larger));
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

/**
 * Reads a stream to its end, and cancels it if it is too large.
 *
 * @param onChunk called with the number of bytes of each chunk, before the next one is read
 * @throws TooLarge as soon as there is more than `mostBytes`, however much more it is
 */
export async function readBounded(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  mostBytes: number,
  onChunk: (bytes: number) => Promise<void> = () => Promise.resolve(),
): Promise<Uint8Array<ArrayBuffer>> {
  const gathered = new ByteBuffer(mostBytes);
  // Leaving the loop cancels the stream.
  for await (const chunk of stream) {
    gathered.add(chunk);
    await onChunk(chunk.length);
  }
  return gathered.bytes;
}

/**
 * A stream that breaks off once it has more than `mostBytes`.
 *
 * @param toError makes the error that its reader gets
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

/** Decodes bytes in UTF-8, and frees them at once. */
export function decodeAndFree(bytes: Uint8Array<ArrayBuffer>): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  bytes.buffer.transfer(0);
  return text;
}
