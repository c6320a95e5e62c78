/**
 * The limits of what the program reads, which bound its memory (512 MiB). It refuses what is larger, with its size: a file
 * named by mistake, or an attack.
 */

const MIB = 1_048_576;

/** Bytes of a file, and of what another program writes. */
export const LARGEST_FILE_BYTES = 64 * MIB;

/** Bytes of an answer over the network, once it is unpacked. */
export const LARGEST_ANSWER_BYTES = 32 * MIB;

/** Characters of a typed line. */
export const LONGEST_TYPED = 4_096;

/** More has come than is taken in. The message is a clause for behind the name of what was read: `it is more than 64 MiB`. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";

  /** @param bytes how much there is; `undefined` where it was read no further */
  constructor(mostBytes: number, bytes?: number) {
    super(`it is ${bytes === undefined ? "" : `${inMib(bytes)} large, which is `}more than ${inMib(mostBytes)}`);
  }
}

/** `70.5 MiB` */
export function inMib(bytes: number): string {
  return `${Math.round(bytes / MIB * 10) / 10} MiB`;
}
