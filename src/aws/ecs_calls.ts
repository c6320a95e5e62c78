import { ECSClient } from "@aws-sdk/client-ecs";
import { AwsError } from "../errors.ts";
import { Caller } from "./call.ts";
import { clientConfig, type ConnectionOptions } from "./connection.ts";
import { keepUnknownMembers } from "./keep_unknown_members.ts";

/** What each part of the adapter to ECS makes its calls with. */
export interface EcsCalls {
  readonly client: ECSClient;
  /** Keeps no connections, so that nothing is sent a second time unasked. */
  readonly onceClient: ECSClient;
  readonly caller: Caller;
  /** Makes a call that asks for tags, and makes it anew without them where AWS refuses those. */
  readonly withTags: <Result>(make: (tags: IncludedTags) => Promise<Result>) => Promise<Result>;
  /** AWS's time, by which the SDK signs once AWS has refused this machine's. */
  readonly now: () => number;
}

/** The part of an input that asks for tags. */
export interface IncludedTags {
  readonly include?: ["TAGS"];
}

export function connectEcsCalls(options: ConnectionOptions): EcsCalls {
  const client = keepUnknownMembers(new ECSClient(clientConfig(options)));
  const { credentials } = client.config;
  return {
    client,
    onceClient: keepUnknownMembers(new ECSClient({ ...clientConfig(options, "once"), credentials })),
    caller: new Caller(options),
    withTags: askingForTags(options.onTagsRefused),
    now: () => options.clock.now() + client.config.systemClockOffset,
  };
}

/** After one refusal, which `onRefused` gets, no call of the connection asks for tags any more. */
function askingForTags(onRefused: ConnectionOptions["onTagsRefused"]): EcsCalls["withTags"] {
  let areRefused = false;
  return async (make) => {
    if (areRefused) return await make({});
    try {
      return await make({ include: ["TAGS"] });
    } catch (error) {
      if (!(error instanceof AwsError) || !mayRefuseTags(error)) throw error;
      const withoutTags = await make({});
      if (!areRefused) onRefused(error);
      areRefused = true;
      return withoutTags;
    }
  };
}

/** The names under which partitions without tags refuse a call that asks for them; it may as well be wrong otherwise. */
const OF_INPUT: ReadonlySet<string> = new Set([
  "InvalidParameterException",
  "UnsupportedFeatureException",
  "UnsupportedOperationException",
  "ValidationException",
]);

/**
 * Whether the same call may work without tags: some partitions (ISO) have none, and refuse to describe them
 * (github.com/hashicorp/terraform-provider-aws, issue 18134).
 */
function mayRefuseTags({ kind, code, detail }: AwsError): boolean {
  if (kind !== "denied" && kind !== "rejected") return false;
  return OF_INPUT.has(code) || /\btags?\b|tagging|tagsforresource/i.test(detail);
}
