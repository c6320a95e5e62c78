import { checkAnswer } from "./check_answer.ts";

/** What the SDK's clients make their requests by, as far as it matters here: its types are those of a package of its own. */
export interface RequestHandler {
  handle(request: SdkRequest, options?: object): Promise<{ response: SdkResponse }>;
  readonly metadata?: { readonly handlerProtocol: string };
}

interface SdkRequest {
  readonly method: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

// deno-lint-ignore no-explicit-any -- the SDK's HttpResponse is a class of a package that is not ours to import
type SdkResponse = any;

/**
 * A request handler whose answers are AWS's own. Made before the SDK reads an answer: it takes any 4xx for AWS's refusal,
 * and reads `{}` out of an empty body.
 *
 * @returns a handler that throws what `checkAnswer()` does
 */
export function guardHandler(inner: RequestHandler): RequestHandler {
  return {
    metadata: { handlerProtocol: "http/1.1", ...inner.metadata },
    async handle(request, options) {
      const { response } = await inner.handle(request, options);
      const { method, hostname, port, path } = request;
      const headers = inLowerCase(response.headers);
      const isJson = inLowerCase(request.headers)["x-amz-target"] !== undefined;
      const isObject = method === "GET" && response.statusCode === 200 && "x-amz-request-id" in headers;
      const bytes = isObject ? undefined : await bytesOf(response.body);
      checkAnswer({ status: response.statusCode, headers, body: bytes && new TextDecoder().decode(bytes) }, {
        host: port === undefined ? hostname : `${hostname}:${port}`,
        isJson,
        isRest: !isJson && (method === "GET" || path !== "/"),
      });
      // An object of S3 has to come from a stream.
      if (bytes !== undefined) response.body = method === "GET" ? new Blob([bytes]).stream() : bytes;
      return { response };
    },
  };
}

/** Reads it to its end, in whichever form the handler has it. */
async function bytesOf(body: unknown): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(body as BodyInit | undefined).arrayBuffer());
}

function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
