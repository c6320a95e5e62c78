/**
 * Writes to stdout before anything else is loaded, and waits for its reader. Returns what could not be written: writing
 * that in the usual way shows why.
 */
export function writeAtOnce(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let written = 0;
  try {
    while (written < bytes.length) written += Deno.stdout.writeSync(bytes.subarray(written));
    return "";
  } catch {
    return new TextDecoder().decode(bytes.subarray(written));
  }
}

export function isStdoutTerminal(): boolean {
  return Deno.stdout.isTerminal();
}
