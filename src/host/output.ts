import type { Host, HostOutput } from "../host.ts";
import type { Reason } from "../problems.ts";
import { abortOf, sleep } from "./sleep.ts";

// How much is written at once. A non-blocking pipe takes this much as a whole or not at all (PIPE_BUF:
// https://pubs.opengroup.org/onlinepubs/9799919799/functions/write.html), so that no part of it is written twice.
const CHUNK_BYTES = Deno.build.os === "linux" ? 4_096 : 512;
/** The program does not wait for an output that has taken nothing for this long. */
const STALLED_AFTER_MS = 200;
const LOOK_FOR_ROOM_MS = 10;
/** How much is kept for a slow reader; what exceeds it is lost. */
const MAX_WAITING_BYTES = 64 * 1_024 * 1_024;
const NEWLINE = 10;

interface Chunk {
  /** Counted over both outputs. */
  readonly number: number;
  readonly bytes: Uint8Array;
  next?: Chunk;
}

let lastNumber = 0;

/**
 * The two outputs of the process. Writing never waits: a terminal stopped by Ctrl-S, or a pipe whose reader sleeps,
 * would hold up the run, and with it the time limit and the restoring of auto scaling. Texts go out in the order in
 * which they were written, even across the two outputs while both have a reader: they may be the same terminal.
 */
export function systemOutputs(mask: (text: string) => string): Pick<Host, "stdout" | "stderr"> {
  const [stdout, stderr] = [new Writer(Deno.stdout, mask), new Writer(Deno.stderr, mask)];
  stdout.other = stderr;
  stderr.other = stdout;
  return { stdout, stderr };
}

class Writer implements HostOutput {
  readonly isTerminal: boolean;
  other: Writer | undefined;
  failure: Reason | undefined;
  describeGap: HostOutput["describeGap"];
  readonly #encoder = new TextEncoder();
  /** A linked list: there may be hundreds of thousands, and removing the first element of a long array is slow. */
  #first: Chunk | undefined;
  #last: Chunk | undefined;
  #waitingBytes = 0;
  /** Bytes lost since a text was last accepted. */
  #lostBytes = 0;
  #waitingSinceMs: number | undefined;
  #pumping: Promise<void> | undefined;

  constructor(private readonly stream: typeof Deno.stdout, private readonly mask: (text: string) => string) {
    this.isTerminal = stream.isTerminal();
  }

  get isStalled(): boolean {
    return this.#waitingSinceMs !== undefined && performance.now() - this.#waitingSinceMs >= STALLED_AFTER_MS;
  }

  write(text: string): void {
    this.writeWhole(this.mask(text));
  }

  writeWhole(text: string): void {
    if (text === "") return;
    const bytes = this.#encoder.encode(text);
    // After a loss, half of the waiting bytes have to be taken before more are accepted: one gap is better than many.
    if (this.#waitingBytes > (this.#lostBytes > 0 ? MAX_WAITING_BYTES / 2 : MAX_WAITING_BYTES)) {
      this.#lostBytes += bytes.length;
      this.failure ??= { code: "notTaken", bytes: MAX_WAITING_BYTES };
      return;
    }
    this.#markGap();
    this.#enqueue(bytes);
  }

  async finish(until: AbortSignal): Promise<void> {
    this.#markGap();
    while (this.#pumping !== undefined && !until.aborted) await Promise.race([this.#pumping, abortOf(until)]);
    if (this.#pumping === undefined) return;
    this.#first = this.#last = undefined;
    this.failure ??= { code: "notTaken" };
  }

  #markGap(): void {
    if (this.#lostBytes === 0) return;
    const mark = this.describeGap?.(this.#lostBytes) ?? "";
    this.#lostBytes = 0;
    this.#enqueue(this.#encoder.encode(mark));
  }

  #enqueue(bytes: Uint8Array): void {
    this.#waitingBytes += bytes.length;
    for (let start = 0; start < bytes.length;) {
      const end = endOfChunk(bytes, start);
      const chunk = { number: ++lastNumber, bytes: bytes.subarray(start, end) };
      if (this.#last === undefined) this.#first = chunk;
      else this.#last.next = chunk;
      this.#last = chunk;
      start = end;
    }
    this.#pumping ??= this.#pump();
  }

  async #pump(): Promise<void> {
    // Everything that is written in one go is queued first.
    await undefined;
    for (let chunk = this.#first; chunk !== undefined; chunk = this.#first) {
      await this.#letPass(chunk.number);
      this.#waitingSinceMs = performance.now();
      await this.#writeChunk(chunk.bytes);
      this.#waitingSinceMs = undefined;
      this.#waitingBytes -= chunk.bytes.length;
      // `finish` has given up meanwhile.
      if (this.#first !== chunk) continue;
      this.#first = chunk.next;
      if (this.#first === undefined) this.#last = undefined;
    }
    this.#pumping = undefined;
  }

  /** Waits for what was written to the other output earlier, as long as that output takes anything. */
  async #letPass(number: number): Promise<void> {
    const { other } = this;
    while (other !== undefined && other.#firstNumber < number && !other.isStalled) await sleep(1);
  }

  get #firstNumber(): number {
    return this.#first?.number ?? Infinity;
  }

  async #writeChunk(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      try {
        written += await this.stream.write(bytes.subarray(written));
      } catch (error) {
        // A pipe or terminal is shared with other programs, and one of them may have made it non-blocking (Node.js and
        // ssh do).
        if (error instanceof Deno.errors.WouldBlock) {
          await sleep(LOOK_FOR_ROOM_MS);
          continue;
        }
        // The reader of a pipe has gone, the terminal is closed, the disk is full: that must not end a rollback under
        // way, nor leave auto scaling suspended.
        if (error instanceof Deno.errors.BrokenPipe) return;
        this.failure ??= error instanceof Error ? error.message : String(error);
        return;
      }
    }
  }
}

/** The index after the last line that ends within a chunk's length. */
function endOfChunk(bytes: Uint8Array, start: number): number {
  if (bytes.length - start <= CHUNK_BYTES) return bytes.length;
  const newline = bytes.lastIndexOf(NEWLINE, start + CHUNK_BYTES - 1);
  return newline >= start ? newline + 1 : start + CHUNK_BYTES;
}
