import { loadSharedConfigFiles } from "@smithy/core/config";
import { type Call, Caller, type CallPolicy } from "./call.ts";
import type { Turn } from "./call_rates.ts";
import { type CallKind, clientConfig, type ConnectionOptions, type HandlerOptions } from "./connection.ts";

export type ClientConfig = ReturnType<typeof clientConfig>;

/** A client of the SDK; each has its own types of commands. */
interface SdkClient {
  send(command: never, options: HandlerOptions): Promise<unknown>;
  readonly config: {
    readonly systemClockOffset: number;
    credentials(how: { readonly forceRefresh: boolean }): Promise<unknown>;
    defaultUserAgentProvider(): Promise<unknown>;
  };
}

/** A command of the SDK, with the type of its answer. */
export interface SdkCommand<Answer> {
  /** The operation's schema; its third member is the operation's name. */
  readonly schema?: unknown;
  resolveMiddleware(...given: never[]): (...given: never[]) => Promise<{ readonly output: Answer }>;
}

/** One API of AWS. Nothing is sent before the first call. */
export class Api {
  protected readonly client: SdkClient;

  constructor(
    protected readonly options: ConnectionOptions,
    connect: (config: ClientConfig) => SdkClient,
    private readonly caller = new Caller(options),
  ) {
    this.client = connect(clientConfig(options));
    askOnce(this.client.config);
  }

  /**
   * Makes a call that changes nothing.
   *
   * @param read throws when the answer has the wrong shape
   * @throws what `Caller` does
   */
  read<Answer, Result>(
    command: SdkCommand<Answer>,
    signal: AbortSignal,
    read: (answer: Answer) => Result,
    turn?: Turn,
  ): Promise<Result> {
    return this.caller.make({ ...sendingOf(command, this.client, "ordinary"), policy: "safe", signal, read, turn });
  }

  /** Makes a change. `read` throws when the answer does not show that the change was made. */
  change<Answer, Result>(
    command: SdkCommand<Answer>,
    policy: Exclude<CallPolicy<Result>, "safe">,
    signal: AbortSignal,
    read: (answer: Answer) => Result,
    turn?: Turn,
  ): Promise<Result> {
    return this.caller.make({ ...sendingOf(command, this.client, "once"), policy, signal, read, turn });
  }

  /**
   * Makes a change whose answer says nothing, and that works once, however often it arrives. Where the answer is lost,
   * `isMade` looks whether the change was made.
   */
  async changeUnanswered(
    command: SdkCommand<unknown>,
    isMade: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> {
    const confirm = async () => (await isMade()) || undefined;
    await this.change(command, { mayArriveTwice: true, confirm }, signal, () => true);
  }
}

/** Makes the SDK ask the system only once, and not for each call, what its user agent is to say of the system. */
function askOnce(config: SdkClient["config"]): void {
  const ask = config.defaultUserAgentProvider;
  let userAgent: Promise<unknown> | undefined;
  config.defaultUserAgentProvider = () => userAgent ??= ask();
}

function sendingOf<Answer>(
  command: SdkCommand<Answer>,
  client: SdkClient,
  kind: CallKind,
): Pick<Call<Answer, unknown>, "operation" | "send" | "sendRenewed"> {
  const send = (options: HandlerOptions) => client.send(command as never, { ...options, kind }) as Promise<Answer>;
  const sendRenewed = async (options: HandlerOptions) => {
    // The SDK caches the AWS CLI's files, which may have been rewritten since.
    await loadSharedConfigFiles({ ignoreCache: true });
    await client.config.credentials({ forceRefresh: true });
    return await send(options);
  };
  return { operation: operationOf(command), send, sendRenewed };
}

/** Returns the operation's name. The class's own name is no use: it is minified in the executable. */
export function operationOf({ schema }: SdkCommand<unknown>): string {
  const [, , operation] = schema as readonly [unknown, unknown, string];
  return operation;
}

/** An API that few runs need: its part of the SDK is loaded with the first call. */
export class LazyApi<Sdk> {
  readonly #caller: Caller;
  readonly #opened = new Map<string | undefined, Promise<{ readonly sdk: Sdk; readonly api: Api }>>();

  constructor(
    private readonly options: ConnectionOptions,
    private readonly load: () => Promise<Sdk>,
    private readonly clientIn: (sdk: Sdk) => new (config: ClientConfig) => SdkClient,
  ) {
    this.#caller = new Caller(options);
  }

  /** Makes a call as `Api.read` does, in the connection's region unless another is given. */
  async read<Answer, Result>(
    command: (sdk: Sdk) => SdkCommand<Answer>,
    signal: AbortSignal,
    read: (answer: Answer) => Result,
    region = this.options.region,
  ): Promise<Result> {
    const opening = this.#opened.get(region) ?? this.#open(region);
    this.#opened.set(region, opening);
    const { sdk, api } = await opening;
    return await api.read(command(sdk), signal, read);
  }

  async #open(region: string | undefined) {
    const sdk = await this.load();
    const Client = this.clientIn(sdk);
    return { sdk, api: new Api({ ...this.options, region }, (config) => new Client(config), this.#caller) };
  }
}
