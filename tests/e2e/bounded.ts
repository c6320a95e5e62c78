import assert from "node:assert/strict";
import { type Ended, runCli } from "./cli_process.ts";

/** Whatever is sent, the program refuses what is too large in a line, and takes less than 512 MiB of memory for it. */

export const MIB = 1_048_576;
const MAX_MEMORY = 512 * MIB;

export const hasProc = Deno.build.os === "linux";
if (!hasProc) console.log("skipped: the tests of memory read it from /proc, which is on Linux only");

/** The most memory that a process takes until it ends, in bytes. Deno itself may read /proc only where all is allowed. */
async function peakOf(pid: number): Promise<number> {
  const watching = `while grep VmHWM /proc/${pid}/status; do sleep 0.02; done`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", watching], stderr: "null" }).output();
  const seen = new TextDecoder().decode(stdout).matchAll(/^VmHWM:\s+(\d+) kB$/gm);
  return Math.max(0, ...[...seen].map(([, kilobytes]) => Number(kilobytes) * 1_024));
}

/** Runs the program, and sees to its memory. */
export async function runBounded(
  url: string,
  args: readonly string[],
  options: Parameters<typeof runCli>[2] = {},
): Promise<Ended> {
  let watching: Promise<number> | undefined;
  const ended = await runCli(url, args, { ...options, isOptimized: true }, ({ pid }) => watching = peakOf(pid));
  const peak = await watching ?? 0;
  assert.ok(peak > 0, "its memory was not seen");
  assert.ok(peak < MAX_MEMORY, `${Math.round(peak / MIB)} MiB`);
  return ended;
}

/** Writes large pieces for as long as somebody reads, but no more than `most` bytes; counts what was taken. */
export function pour(
  piece: Uint8Array<ArrayBuffer>,
  most = Infinity,
): { stream: ReadableStream<Uint8Array<ArrayBuffer>>; taken(): number } {
  let taken = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (taken >= most) return controller.close();
      taken += piece.length;
      controller.enqueue(piece);
    },
  });
  return { stream, taken: () => taken };
}

export const bytes = (text: string) => new TextEncoder().encode(text);

/** Serves one answer, whatever is asked for. */
export async function withAnswer(
  answer: () => Response,
  test: (url: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    await request.body?.cancel();
    return answer();
  });
  try {
    await test(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}
