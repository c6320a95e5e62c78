import type { ECSClientConfig } from "@aws-sdk/client-ecs";
import { AwsError, ConfigError } from "../errors.ts";
import { toAwsError } from "./to_aws_error.ts";

/** How AWS is reached. What is left out resolves as in the AWS CLI: environment, profile, SSO, container, metadata. */
export interface ConnectionOptions {
  readonly region: string | undefined;
  /** Told of every attempt: operation, number, milliseconds, result; never of a body. */
  readonly onAttempt: (line: string) => void;
  readonly now: () => number;
  /** PEM text of certificate authorities to trust besides the system's (`AWS_CA_BUNDLE`). */
  readonly certificateAuthorities: string | undefined;
  /** Stands in for the network in tests; the SDK's own when left out. */
  readonly requestHandler?: ECSClientConfig["requestHandler"];
}

/** A dead endpoint is known in seconds; an answer from ECS takes a second at worst. */
const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** The client configuration that ECS and Application Auto Scaling have in common. */
export async function clientConfig(options: ConnectionOptions) {
  const { region, requestHandler } = options;
  return {
    ...(region !== undefined && { region }),
    maxAttempts: 3,
    requestHandler: requestHandler ?? {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      ...(options.certificateAuthorities !== undefined && {
        httpsAgent: new (await import("node:https")).Agent({ ca: options.certificateAuthorities, keepAlive: true }),
      }),
    },
  };
}

interface AttemptArguments {
  readonly input: object;
}

/** The part of an SDK client that observing attempts needs. */
interface ObservableClient {
  readonly middlewareStack: {
    add(
      // deno-lint-ignore no-explicit-any -- the SDK's middleware types carry each client's input and output unions
      middleware: (next: any, context: any) => (args: any) => Promise<any>,
      options: { step: "finalizeRequest"; name: string; priority: "low" },
    ): void;
  };
}

/** Reports every attempt of every call of `client`; inside the SDK's retries, so that each one shows. */
export function observeAttempts(client: ObservableClient, { onAttempt, now }: ConnectionOptions): void {
  const attempts = new WeakMap<object, number>();
  client.middlewareStack.add(
    (next, context: { commandName?: string }) => async (args: AttemptArguments) => {
      const operation = operationOf(context.commandName);
      const attempt = (attempts.get(args.input) ?? 0) + 1;
      attempts.set(args.input, attempt);
      const startedAtMs = now();
      const report = (result: string) =>
        onAttempt(`${operation} attempt ${attempt}: ${result} in ${now() - startedAtMs} ms`);
      try {
        const result = await next(args);
        report("ok");
        return result;
      } catch (error) {
        report(toAwsError(operation, error).code);
        throw error;
      }
    },
    { step: "finalizeRequest", name: "observeAttempts", priority: "low" },
  );
}

function operationOf(commandName: string | undefined): string {
  return commandName?.replace(/Command$/, "") ?? "request";
}

/**
 * Awaits one SDK call and reads its answer. Throws an `AwsError`, also for an answer of the wrong shape: that is a lost
 * one, since what it should have said is unknown. Throws a `ConfigError` when the SDK found no region anywhere.
 */
export async function call<Answer, Result>(
  operation: string,
  answer: Promise<Answer>,
  read: (answer: Answer) => Result,
): Promise<Result> {
  let received: Answer;
  try {
    received = await answer;
  } catch (error) {
    if (error instanceof Error && error.message === "Region is missing") {
      throw new ConfigError(
        "no AWS region is set (set region in the config, AWS_REGION, or region in the AWS profile)",
      );
    }
    throw toAwsError(operation, error);
  }
  try {
    return read(received);
  } catch (error) {
    if (error instanceof AwsError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new AwsError({ operation, kind: "lost", code: "UnreadableAnswer", detail });
  }
}
