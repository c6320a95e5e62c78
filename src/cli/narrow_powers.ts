import type { ProfilePowers } from "../config/read_profile_powers.ts";
import type { Host, Power } from "../host.ts";

/** What of a run decides which powers it needs. */
export interface RunNeeds {
  readonly untrusted: boolean;
  /** The config and the files that it names. */
  readonly paths: readonly string[];
  readonly profiles: ProfilePowers;
  /** The files that the run itself is to write. */
  readonly writes: readonly string[];
}

/**
 * Gives up what the run does not need: starting programs, unless a file is Jsonnet or an AWS profile has a process;
 * writing, unless the AWS SDK keeps tokens or a file is yet to be made. What is given up is gone for good.
 *
 * @returns the powers that are given up
 */
export function narrowPowers(
  { untrusted, paths, profiles, writes }: RunNeeds,
  host: Pick<Host, "files" | "giveUp">,
): readonly Power[] {
  const runs = !untrusted && (profiles.mayRun || paths.some((path) => /\.jsonnet$/i.test(path)));
  const areHeld = writes.map((path) => host.files.hold(path)).every((isHeld) => isHeld);
  const keepsWriting = profiles.mayWrite || !areHeld;
  const powers: Power[] = ["ffi", ...(runs ? [] : ["run"] as const), ...(keepsWriting ? [] : ["write"] as const)];
  host.giveUp(powers);
  return powers;
}
