import { ECSClient } from "@aws-sdk/client-ecs";
import { Caller } from "./call.ts";
import { clientConfig, type ConnectionOptions } from "./connection.ts";
import { keepUnknownMembers } from "./keep_unknown_members.ts";

/** What each part of the adapter to ECS makes its calls with. */
export interface EcsCalls {
  readonly client: ECSClient;
  /** Keeps no connections, so that nothing is sent a second time unasked. */
  readonly onceClient: ECSClient;
  readonly caller: Caller;
  /** AWS's time, by which the SDK signs once AWS has refused this machine's. */
  readonly now: () => number;
}

export function connectEcsCalls(options: ConnectionOptions): EcsCalls {
  const client = keepUnknownMembers(new ECSClient(clientConfig(options)));
  const { credentials } = client.config;
  return {
    client,
    onceClient: keepUnknownMembers(new ECSClient({ ...clientConfig(options, "once"), credentials })),
    caller: new Caller(options),
    now: () => options.clock.now() + client.config.systemClockOffset,
  };
}
