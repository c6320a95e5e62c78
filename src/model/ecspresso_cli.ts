import type { ServiceRef } from "./service.ts";

/**
 * A command of this program for a person to type: on the same service, for it names the same files.
 *
 * @param command with its own options, as a shell takes them: `rollback --revision previous`
 */
export function ecspressoCommand({ files }: Pick<ServiceRef, "files">, command: string): string {
  const [verb, ...options] = command.split(" ");
  return ["ecspresso", verb, ...(files ? [files] : []), ...options].join(" ");
}
