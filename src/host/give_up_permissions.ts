/**
 * Giving up permissions while the process runs: what is given up nobody gets back, whatever a file or a package then makes
 * the program do.
 *
 * Deno takes back a permission that was given for everything as a whole only; for a part of it (one path, one command)
 * nothing comes of it. That is so in 2.6.8 and in 2.9.6. So a file that is to be written later is opened before.
 */

/** `run`: starting programs; `write`: making and changing files; `ffi`: loading native libraries. */
export type Permission = "run" | "write" | "ffi";

export function giveUpPermissions(permissions: readonly Permission[]): void {
  for (const name of permissions) Deno.permissions.revokeSync({ name });
}

/** Files that stay open, so that they can be written to after `write` is given up. */
export class HeldFiles {
  readonly #files = new Map<string, Deno.FsFile>();

  /**
   * Opens a file, without changing it. Answers whether that has worked: only with a plain file that is there, for opening a
   * pipe waits for its reader.
   */
  hold(path: string): boolean {
    if (this.#files.has(path)) return true;
    try {
      if (!Deno.statSync(path).isFile) return false;
      this.#files.set(path, Deno.openSync(path, { write: true }));
      return true;
    } catch {
      return false;
    }
  }

  /** Replaces what is in the file, or adds to it. Throws the system's error when that does not work. */
  async write(path: string, text: string, { append }: { readonly append: boolean }): Promise<void> {
    const file = this.#files.get(path);
    if (file === undefined) return await Deno.writeTextFile(path, text, { append });
    if (append) await file.seek(0, Deno.SeekMode.End);
    else {
      await file.truncate(0);
      await file.seek(0, Deno.SeekMode.Start);
    }
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
  }
}
