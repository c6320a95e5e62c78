import type { ProfileNeeds } from "../config/read_profile_needs.ts";
import type { Host, Permission } from "../host.ts";

/** What decides which permissions a run needs. */
export interface RunNeeds {
  readonly untrusted: boolean;
  /** The files that the run may read. */
  readonly paths: readonly string[];
  readonly profiles: ProfileNeeds;
  /** The files that the run itself is to write. */
  readonly writes: readonly string[];
}

/**
 * Gives up what the run does not need: starting programs, unless a file is Jsonnet, a pipe or a device, or an AWS profile
 * has a process; writing, unless the AWS SDK keeps tokens or a file is yet to be made. What is given up is gone for good.
 *
 * @returns the permissions that are given up
 */
export async function narrowPermissions(
  { untrusted, paths, profiles, writes }: RunNeeds,
  host: Pick<Host, "files" | "giveUp">,
): Promise<readonly Permission[]> {
  const isStream = async (path: string) => await host.files.kindOf(path) === "stream";
  // With --untrusted, nobody looks at a path before it is known to stay in the folder.
  const hasStreams = !untrusted && (await Promise.all([...paths, ...writes].map(isStream))).includes(true);
  const runs = !untrusted && (profiles.mayRun || hasStreams || paths.some((path) => /\.jsonnet$/i.test(path)));
  const areHeld = writes.map((path) => host.files.hold(path)).every((isHeld) => isHeld);
  const keepsWriting = profiles.mayWrite || !areHeld;
  const permissions: Permission[] = [
    "ffi",
    ...(runs ? [] : ["run"] as const),
    ...(keepsWriting ? [] : ["write"] as const),
  ];
  host.giveUp(permissions);
  return permissions;
}
