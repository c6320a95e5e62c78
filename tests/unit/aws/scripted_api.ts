import { Api } from "../../../src/aws/api.ts";
import type { CallPolicy } from "../../../src/aws/call_policy.ts";
import type { ConnectionOptions } from "../../../src/aws/connection.ts";
import type { SdkCommand } from "../../../src/aws/sdk_client.ts";

type Send = (options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;

/** A call that brings along how it is answered. */
interface ScriptedCall {
  readonly operation: string;
  readonly policy: CallPolicy<string>;
  readonly send: Send;
  /** The same after credentials were fetched anew. */
  readonly sendRenewed: Send;
  readonly read: (answer: string) => string;
  readonly signal: AbortSignal;
}

/** An API that makes scripted calls: all but its client is the program's own. */
export class ScriptedApi {
  readonly #api: Api;
  #isRenewed = false;

  constructor(options: ConnectionOptions) {
    const config = {
      systemClockOffset: 0,
      credentials: ({ forceRefresh }: { forceRefresh: boolean }) => Promise.resolve(this.#isRenewed = forceRefresh),
      defaultUserAgentProvider: () => Promise.resolve(undefined),
    };
    const send = ({ send, sendRenewed }: ScriptedCall, options: object) => {
      const isRenewed = this.#isRenewed;
      this.#isRenewed = false;
      return (isRenewed ? sendRenewed : send)(options as Parameters<Send>[0]);
    };
    this.#api = new Api(options, () => ({ send, config }));
  }

  make(call: ScriptedCall): Promise<string> {
    const { operation, policy, read, signal } = call;
    const command = { ...call, schema: [, , operation] } as unknown as SdkCommand<string>;
    if (policy === "safe") return this.#api.read(command, signal, read);
    return this.#api.change(command, policy, signal, read);
  }
}
