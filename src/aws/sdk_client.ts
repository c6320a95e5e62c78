import { loadSharedConfigFiles } from "@smithy/core/config";
import type { clientConfig, HandlerOptions } from "./connection.ts";

export type ClientConfig = ReturnType<typeof clientConfig>;

/** A client of the SDK; each has its own types of commands. */
export interface SdkClient {
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

/** Makes the SDK read the system's part of its user agent once, and not for each call. */
export function cacheUserAgent({ config }: SdkClient): void {
  const readUserAgent = config.defaultUserAgentProvider;
  let userAgent: Promise<unknown> | undefined;
  config.defaultUserAgentProvider = () => userAgent ??= readUserAgent();
}

/** Returns the operation's name. The class's own name is no use: it is minified in the executable. */
export function operationOf({ schema }: SdkCommand<unknown>): string {
  const [, , operation] = schema as readonly [unknown, unknown, string];
  return operation;
}

/** Makes the SDK fetch credentials anew, wherever the old ones came from. */
export async function renewCredentials({ config }: SdkClient): Promise<void> {
  // The SDK caches the AWS CLI's files, which may have been rewritten since.
  await loadSharedConfigFiles({ ignoreCache: true });
  await config.credentials({ forceRefresh: true });
}
