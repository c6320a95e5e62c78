import { ContradictoryAnswer, NotFromAws } from "./check_answer.ts";
import { guardHandler, type RequestHandler } from "./guard_handler.ts";

/** The SDK's name for that there are no credentials. */
const NO_CREDENTIALS = "CredentialsProviderError";

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
    handle: (request, options) =>
      guarded.handle(request, options).catch((error) => {
        if (error instanceof NotFromAws) throw noCredentials(error.message, error.status);
        if (error instanceof ContradictoryAnswer) throw noCredentials(error.message);
        throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
      }),
  };
}

/** By the status, the SDK knows what may pass. */
function noCredentials(message: string, httpStatusCode?: number): Error {
  return Object.assign(new Error(message), {
    name: NO_CREDENTIALS,
    ...(httpStatusCode !== undefined && { $metadata: { httpStatusCode } }),
  });
}
