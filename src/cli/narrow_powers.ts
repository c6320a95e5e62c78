import type { ProfilePowers } from "../config/read_profile_powers.ts";
import type { Host, Power } from "../host.ts";

/** What of a run decides which powers it needs. */
export interface RunNeeds {
  readonly untrusted: boolean;
  /** The files that the run may read. */
  readonly paths: readonly string[];
  readonly profiles: ProfilePowers;
  /** The files that the run itself is to write. */
  readonly writes: readonly string[];
}

/**
 * Gives up what the run does not need: starting programs, unless a file is Jsonnet, a pipe or a device, or an AWS
 * profile has a process; writing, unless the AWS SDK keeps tokens or a file is yet to be made. What is given up is gone for good.
 *
 * @returns the powers that are given up
 */
export async function narrowPowers(
  { untrusted, paths, profiles, writes }: RunNeeds,
  host: Pick<Host, "files" | "giveUp">,
): Promise<readonly Power[]> {
  const isStream = async (path: string) => await host.files.kindOf(path) === "stream";
  const hasStreams = (await Promise.all([...paths, ...writes].map(isStream))).includes(true);
  const runs = !untrusted && (profiles.mayRun || hasStreams || paths.some((path) => /\.jsonnet$/i.test(path)));
  const areHeld = writes.map((path) => host.files.hold(path)).every((isHeld) => isHeld);
  const keepsWriting = profiles.mayWrite || !areHeld;
  const powers: Power[] = ["ffi", ...(runs ? [] : ["run"] as const), ...(keepsWriting ? [] : ["write"] as const)];
  host.giveUp(powers);
  return powers;
}
