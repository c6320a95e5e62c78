import { Api } from "./api.ts";
import { CallHistory } from "./call_policy.ts";
import type { ConnectionOptions } from "./connection.ts";
import type { ClientConfig, SdkClient, SdkCommand } from "./sdk_client.ts";

/** An API that few runs need: its part of the SDK is loaded with the first call. */
export class LazyApi<Sdk> {
  readonly #history = new CallHistory();
  readonly #opened = new Map<string | undefined, Promise<{ readonly sdk: Sdk; readonly api: Api }>>();

  constructor(
    private readonly options: ConnectionOptions,
    private readonly load: () => Promise<Sdk>,
    private readonly clientIn: (sdk: Sdk) => new (config: ClientConfig) => SdkClient,
  ) {}

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
    return { sdk, api: new Api({ ...this.options, region }, (config) => new Client(config), this.#history) };
  }
}
