import { getProfileName, parseKnownFiles } from "@smithy/core/config";
import type { Environment } from "../host.ts";

/** The AWS profile that a run goes by, as far as the program itself reads it. */
export interface Profile {
  readonly name: string;
  /** Whether the AWS CLI's files have it. */
  readonly exists: boolean;
  /** A file of certificate authorities. */
  readonly caBundle: string | undefined;
}

/**
 * Reads the profile from the AWS CLI's files, wherever `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` say that they
 * are. A file that cannot be read, or makes no sense, has no profiles; the SDK sees it in the same way. Where nobody knows
 * a home folder, which is all that the SDK needs one for, it is `/` from now on, as in a container of Docker.
 */
export async function readProfile(env: Pick<Environment, "set">): Promise<Profile> {
  const name = getProfileName({});
  const profiles = await parseKnownFiles({}).catch(async () => {
    env.set("HOME", "/");
    return await parseKnownFiles({});
  });
  const profile = profiles[name];
  return { name, exists: profile !== undefined, caBundle: profile?.["ca_bundle"] };
}
