import { lazyApi } from "./api.ts";
import type { ConnectionOptions } from "./connection.ts";
import { text } from "./read_answer.ts";

/**
 * What reads the number of the account that the credentials are of. AWS STS answers whatever the policies say:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function connectCaller(options: ConnectionOptions): (signal: AbortSignal) => Promise<string> {
  const open = lazyApi(options, () => import("./clients/sts.ts"), (sdk) => sdk.STSClient);
  return async (signal) => {
    const { sdk, api } = await open();
    return await api.read(new sdk.GetCallerIdentityCommand({}), signal, ({ Account }) => text(Account, "Account"));
  };
}
