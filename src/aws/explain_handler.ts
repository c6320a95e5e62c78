import { ContradictoryAnswer, guardHandler, NotFromAws, type RequestHandler } from "./guard_handler.ts";

/** The SDK's name for that there are no credentials. */
export const NO_CREDENTIALS = "CredentialsProviderError";

/**
 * A request handler for the SDK's own clients, which fetch credentials. Where another than AWS answers them, there are no
 * credentials, and the call that they are for is not sent. Of what else goes wrong there, the SDK keeps the message alone,
 * and fetch has it in the cause.
 *
 * @returns a handler that throws the cause, where there is one
 */
export function explainHandler(inner: RequestHandler): RequestHandler {
  const guarded = guardHandler(inner);
  return {
    ...guarded,
    async handle(request, options) {
      try {
        const answer = await guarded.handle(request, options);
        lastFailure = undefined;
        return answer;
      } catch (thrown) {
        const error = explain(thrown);
        lastFailure = error instanceof Error ? error.message : String(error);
        throw error;
      }
    },
  };
}

let lastFailure: string | undefined;

/**
 * Why the newest request for credentials has failed, and `undefined` when it has not. The SDK passes that by where it
 * renews a token of SSO or of `aws login`: it says that the token is expired, or that there are no credentials anywhere.
 */
export function whyNoCredentials(): string | undefined {
  return lastFailure;
}

function explain(error: unknown): unknown {
  if (error instanceof NotFromAws) return noCredentials(error.message, error.status);
  if (error instanceof ContradictoryAnswer) return noCredentials(error.message);
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

/** By the status, the SDK knows what may pass. */
function noCredentials(message: string, httpStatusCode?: number): Error {
  return Object.assign(new Error(message), {
    name: NO_CREDENTIALS,
    ...(httpStatusCode !== undefined && { $metadata: { httpStatusCode } }),
  });
}
