import type { Emulator } from "../emulator/emulator.ts";
import { type MyService, myservice } from "../emulator/myservice.ts";

/** The region of every world here. */
export const REGION = "ap-northeast-1";

/** As long as it takes `myservice` to come to its present. */
const HISTORY_MS = 10 * 60_000;

/**
 * `myservice`, at the wall's own time: Kayac's ecspresso takes only those deployments for its own that are younger than
 * itself.
 */
export function myserviceNow(world: MyService = {}): Emulator {
  return myservice({ ...world, options: { ...world.options, startAtMs: Date.now() - HISTORY_MS } });
}

/**
 * The whole environment of a program that is to talk to `url` instead of AWS: nothing of the user's own AWS settings,
 * and no proxy, has a part in it.
 *
 * @param home a folder without files of the user's
 */
export function awsEnvironment(url: string, home: string): Record<string, string> {
  return {
    PATH: Deno.env.get("PATH") ?? "",
    HOME: home,
    TZ: "UTC",
    NO_PROXY: "127.0.0.1",
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "a-secret-access-key",
    AWS_CONFIG_FILE: `${home}/no-such-config`,
    AWS_SHARED_CREDENTIALS_FILE: `${home}/no-such-credentials`,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
