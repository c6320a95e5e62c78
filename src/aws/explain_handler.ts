import type { RequestHandler } from "./guard_handler.ts";

/**
 * A request handler for the SDK's own clients, which fetch credentials: of what goes wrong there, the SDK keeps the message
 * alone, and fetch has it in the cause.
 *
 * @returns a handler that throws the cause, where there is one
 */
export function explainHandler(inner: RequestHandler): RequestHandler {
  return {
    metadata: { handlerProtocol: "http/1.1", ...inner.metadata },
    handle: (request, options) =>
      inner.handle(request, options).catch((error) => {
        throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
      }),
  };
}
