import { findProfileFiles } from "../model/profile_files.ts";
import { ConfigError } from "../errors.ts";
import type { Environment, Files } from "../host.ts";
import { TooLarge } from "../host/read_bounded.ts";
import type { FilePosition } from "../problems.ts";
import { checkSize, LONGEST_LIST } from "./files/user_files.ts";

/** What the AWS SDK may do for credentials besides reading files and asking AWS, according to the profile files. */
interface ProfileNeeds {
  /** Whether any profile has a `credential_process`, even one that is not used. */
  readonly mayRun: boolean;
  /** Whether any profile logs in by SSO or `aws login`: then the SDK keeps renewed tokens under `~/.aws`. */
  readonly mayWrite: boolean;
  /** The `credential_process` of the profile in use, or of a profile that it takes its credentials from. */
  readonly process: { readonly profile: string; readonly position: FilePosition } | undefined;
}

const NO_NEEDS: ProfileNeeds = { mayRun: false, mayWrite: false, process: undefined };

/**
 * Reads the profile files. Where the environment has keys, no profile is used. A file that cannot be read is skipped,
 * for the SDK cannot read it either.
 *
 * @throws ConfigError for a file that is too large: the SDK, which reads it in any case, takes many times its memory
 */
export async function readProfileNeeds(
  env: Pick<Environment, "get">,
  files: Pick<Files, "readText" | "kindOf">,
): Promise<ProfileNeeds> {
  let settings: ProfileSetting[] = [];
  let isKnown = true;
  for (const path of findProfileFiles(env)) {
    // Without a home in the environment, the SDK asks the system for it; and a pipe can be read only once.
    const kind = path === undefined ? "stream" : await files.kindOf(path);
    if (path === undefined || kind === "stream") isKnown = false;
    else if (kind === "file") settings = settings.concat(readSettings(await readProfiles(path, files), path));
  }
  if (env.get("AWS_ACCESS_KEY_ID") && env.get("AWS_SECRET_ACCESS_KEY")) return NO_NEEDS;
  return {
    mayRun: !isKnown || settings.some(({ key }) => key === "credential_process"),
    mayWrite: !isKnown || settings.some(({ key }) => key.startsWith("sso_") || key === "login_session"),
    process: findProcess(settings, env.get("AWS_PROFILE") || "default"),
  };
}

async function readProfiles(path: string, files: Pick<Files, "readText">): Promise<string> {
  try {
    const text = await files.readText(path) ?? "";
    checkSize(text, path, { kind: "profiles" }, LONGEST_LIST);
    return text;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (error instanceof TooLarge) throw new ConfigError({ code: "cannotRead", reason: error.problem }, { file: path });
    return "";
  }
}

interface ProfileSetting {
  readonly profile: string;
  readonly key: string;
  readonly value: string;
  readonly position: FilePosition;
}

/** Reads what both kinds of file consist of: `[profile NAME]` or `[NAME]`, and below it `key = value`. */
function readSettings(text: string, file: string): ProfileSetting[] {
  const settings: ProfileSetting[] = [];
  let profile = "";
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const section = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    const named = section && /^(?:profile\s+)?["']?([^"']+)/.exec(section.trim())?.[1]?.trim();
    if (named) profile = named;
    const [, key, after] = /^\s*([^=\s#;]+)\s*=(.*)$/.exec(line) ?? [];
    // As for the SDK, a comment may follow the value.
    const value = after?.split(/(?:^|\s)[;#]/)[0]?.trim();
    if (key === undefined || value === undefined) continue;
    settings.push({ profile, key: key.toLowerCase(), value, position: { file, line: index + 1 } });
  }
  return settings;
}

function findProcess(settings: readonly ProfileSetting[], first: string): ProfileNeeds["process"] {
  const names = new Set([first]);
  // A set can grow while it is being walked: the new members are visited too.
  for (const profile of names) {
    for (const { key, value, position } of settings.filter((setting) => setting.profile === profile)) {
      if (key === "credential_process") return { profile, position };
      if (key === "source_profile") names.add(value);
    }
  }
  return undefined;
}
