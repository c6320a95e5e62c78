import type { ConnectionOptions } from "../aws/connection.ts";
import { readUserFile } from "../config/read_user_file.ts";
import { ConfigError } from "../errors.ts";
import type { Context } from "./context.ts";

/** Callbacks for every attempt, and for every failure that may pass. */
export type CallObservers = Pick<ConnectionOptions, "onAttempt" | "onTrouble">;

/** Where AWS is reached, and as whom. */
export interface Destination {
  readonly region: string | undefined;
  /** The service that the run is about, or its cluster: a name or an ARN. */
  readonly subject: string;
  /** The role to make the calls in; `undefined` leaves it to the credentials. */
  readonly roleArn: string | undefined;
}

/**
 * How AWS is reached.
 *
 * @param observers are called for every attempt; they get no bodies
 * @throws ConfigError when there is no such file as AWS_CA_BUNDLE names
 */
export async function describeConnection(
  { region, subject, roleArn }: Destination,
  observers: CallObservers,
  { host, requestHandler }: Context,
): Promise<ConnectionOptions> {
  const bundle = host.env.get("AWS_CA_BUNDLE");
  const certificateAuthorities = bundle ? await readUserFile(bundle, host.files) : undefined;
  if (bundle && certificateAuthorities === undefined) {
    throw new ConfigError("no such file (AWS_CA_BUNDLE names it)", { file: bundle });
  }
  const connection: ConnectionOptions = {
    region,
    ...observers,
    clock: host.clock,
    random: host.random,
    fetchOptions: {
      ordinary: host.fetchOptions({ certificateAuthorities, keepsConnections: true }),
      once: host.fetchOptions({ certificateAuthorities, keepsConnections: false }),
    },
    ...(requestHandler !== undefined && { requestHandler }),
  };
  if (roleArn === undefined) return connection;
  const { RoleSession } = await import("../aws/role_session.ts");
  return { ...connection, role: new RoleSession(roleArn, subject, connection) };
}
