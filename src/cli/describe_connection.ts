import type { ConnectionOptions } from "../aws/connection.ts";
import { readUserFile } from "../config/read_user_file.ts";
import { ConfigError } from "../errors.ts";
import type { Context } from "./context.ts";

/**
 * How AWS is reached.
 *
 * @param onAttempt hears of every call, without bodies
 * @throws ConfigError when there is no such file as AWS_CA_BUNDLE names
 */
export async function describeConnection(
  region: string | undefined,
  onAttempt: ConnectionOptions["onAttempt"],
  { host, requestHandler }: Context,
): Promise<ConnectionOptions> {
  const bundle = host.env.get("AWS_CA_BUNDLE");
  const certificateAuthorities = bundle ? await readUserFile(bundle, host.files) : undefined;
  if (bundle && certificateAuthorities === undefined) {
    throw new ConfigError("no such file (AWS_CA_BUNDLE names it)", { file: bundle });
  }
  return {
    region,
    onAttempt,
    clock: host.clock,
    random: host.random,
    fetchOptions: {
      ordinary: host.fetchOptions({ certificateAuthorities, keepsConnections: true }),
      once: host.fetchOptions({ certificateAuthorities, keepsConnections: false }),
    },
    ...(requestHandler !== undefined && { requestHandler }),
  };
}
