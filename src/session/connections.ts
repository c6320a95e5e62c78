import type { CallRates } from "../aws/call_rates.ts";
import type { RunScope } from "../model/service.ts";
import { connect, type Connectors } from "./connection.ts";
import type { Context } from "./context.ts";
import type { GlobalOptions } from "./global_options.ts";

/** The ways to AWS of one run: one for each region and role, which services share. */
export class Connections {
  readonly #known = new Map<string, Promise<Connectors>>();
  readonly #rates = new Map<string, CallRates>();
  #areMany = false;

  constructor(private readonly context: Context, private readonly signal: AbortSignal) {}

  /** Says that there may be many services: from now on calls are held to AWS's rates. One alone does without. */
  expectMany(): void {
    this.#areMany = true;
  }

  /** Contacts nobody. Throws a ConfigError as `connect` does. */
  connect(options: GlobalOptions, scope: RunScope): Promise<Connectors> {
    const way = JSON.stringify([scope.region, options.assumeRoleArn]);
    const rates = this.#areMany ? this.#rates : undefined;
    const connecting = this.#known.get(way) ?? connect(this.context, options, scope, this.signal, rates);
    this.#known.set(way, connecting);
    return connecting;
  }
}
