import type { Foreign, Origin, RefusedAnswer } from "../problems/aws_failure.ts";
import { objectIn, parseJson, textIn } from "../model/json.ts";
import { asNoCredentials, foreignOf, RefusedAnswerError } from "./refused_answer.ts";

/** What the SDK's clients send requests with, as far as it matters here; its own types are not ours to import. */
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
 * Wraps a request handler so that only AWS's own answers pass. They are checked before the SDK reads them: it takes any
 * 4xx for a refusal by AWS, and reads `{}` out of an empty body.
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
      const isJson = Object.keys(request.headers).some((name) => name.toLowerCase() === "x-amz-target");
      const isObject = method === "GET" && response.statusCode === 200 && "x-amz-request-id" in headers;
      const bytes = isObject ? undefined : await bytesOf(response.body);
      checkAnswer({ status: response.statusCode, headers, body: bytes && new TextDecoder().decode(bytes) }, {
        host: port === undefined ? hostname : `${hostname}:${port}`,
        isJson,
        isRest: !isJson && (method === "GET" || path !== "/"),
      });
      // The SDK reads objects of S3 from a stream.
      if (bytes !== undefined) response.body = method === "GET" ? new Blob([bytes]).stream() : bytes;
      return { response };
    },
  };
}

async function bytesOf(body: unknown): Promise<Uint8Array<ArrayBuffer>> {
  if (body instanceof Uint8Array) return body as Uint8Array<ArrayBuffer>;
  return new Uint8Array(await new Response(body as BodyInit | undefined).arrayBuffer());
}

function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** An HTTP answer as it came. Names of headers are in lower case. */
interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As text; `undefined` where it is an object of S3, which is read elsewhere. */
  readonly body: string | undefined;
}

/** What a request says about the answer that it can get. */
interface Asked {
  readonly host: string;
  readonly isJson: boolean;
  /** Whether it uses one of AWS's REST protocols, whose answers are objects, or JSON without AWS's content type. */
  readonly isRest: boolean;
}

// Headers that AWS's services send: all of them name the request, JSON services the error, too. S3 has names of its
// own. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
const MARKS = ["x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id", "x-amz-id-2", "x-amzn-errortype"];
/** Where answers of the Query protocol name the request. Not every server names it in a header, too. */
const REQUEST_IN_XML = /<RequestId>[^<]+<\/RequestId>/;
const JSON_TYPE = /^application\/x-amz-json-/i;
/** No AWS service returns an HTML page; a filter that returns one may have kept AWS's headers. */
const PAGE = /^<(?:!doctype html|html)\b/i;
/** How many characters of a body are searched for the beginning of a page. */
const LONGEST_HEAD = 4_096;
/** How the type of an answer ends; any other type is an error's. */
const NO_ERROR = /(?:Response|Result|Output)$/;

/**
 * Lets only AWS's own answers pass. What a proxy, a captive portal or a redirect answers is a network problem, whatever
 * the status says.
 *
 * @throws RefusedAnswerError also where AWS names an error under a status of success
 */
export function checkAnswer(answer: RawAnswer, asked: Asked): void {
  const isSuccess = answer.status >= 200 && answer.status < 300;
  if (!isFromAws(answer, asked, isSuccess)) throw new RefusedAnswerError(foreignAnswer(answer, asked));
  const error = isSuccess && asked.isJson ? typeIn(answer.body) : undefined;
  if (error !== undefined && !NO_ERROR.test(error)) {
    const named = error.split("\n", 1)[0]!.slice(0, LONGEST_NAME);
    throw new RefusedAnswerError({ code: "contradictoryAnswer", error: named, status: answer.status });
  }
}

function isFromAws({ status, headers, body = "" }: RawAnswer, { isRest }: Asked, isSuccess: boolean): boolean {
  // Only a proxy asks for a login by 407, and no service of AWS does: RFC 9110, 15.5.8.
  if (isPage(body) || status === 407) return false;
  // Of AWS's services only S3 redirects. It names the error, or where there is no body, the region.
  if (status >= 300 && status < 400) return isXmlError(body) || headers["x-amz-bucket-region"] !== undefined;
  if (MARKS.some((name) => headers[name] !== undefined) || JSON_TYPE.test(headers["content-type"] ?? "")) return true;
  // An object can contain anything. Not every server with S3's API names its requests.
  if (isSuccess) return isRest ? body !== "" : REQUEST_IN_XML.test(body);
  return typeIn(body) !== undefined || isXmlError(body);
}

/** Whether a body is an HTML page, perhaps after an XML declaration and comments. */
function isPage(body: string): boolean {
  let rest = body.slice(0, LONGEST_HEAD).trimStart();
  for (const [begin, end] of [["<?", "?>"], ["<!--", "-->"], ["<!--", "-->"]] as const) {
    if (rest.startsWith(begin) && rest.includes(end)) rest = rest.slice(rest.indexOf(end) + end.length).trimStart();
  }
  return PAGE.test(rest);
}

/** Whether a body is an error of the Query protocol or of S3: both have `<Error>` with a `<Code>`. */
function isXmlError(body: string): boolean {
  const begin = body.indexOf("<Error>");
  // Not in one pattern, which would search all the rest from each of many `<Error>`.
  return begin >= 0 && /<Code>[^<]+<\/Code>/.test(body.slice(begin));
}

function typeIn(body: string | undefined): string | undefined {
  if (body === undefined || !body.includes('"__type"')) return undefined;
  return textIn(objectIn(parseJson(body)).__type)?.replace(/^.*#/s, "");
}

function foreignAnswer({ status, headers }: RawAnswer, { host }: Asked): RefusedAnswer {
  const server = [headers.server, headers.via].find((name) => name !== undefined && isPlain(name));
  const isRedirect = status >= 300 && status < 400;
  const to = isRedirect && headers.location !== undefined ? originOf(headers.location) : undefined;
  return { code: "foreignAnswer", status, host, ...(server !== undefined && { server }), ...(to && { to }) };
}

/** How many characters of a name in an answer are kept. */
const LONGEST_NAME = 200;

/** Whether a server's name for itself is a plain name: nothing else is shown. */
function isPlain(name: string): boolean {
  return /^[\w .,:/()+-]{1,60}$/.test(name);
}

/** Returns only the origin of a URL: what follows may be a secret. */
function originOf(location: string): Origin | "sameHost" | "unreadable" {
  if (!/^[a-z][a-z\d+.-]*:\/\/|^\/\//i.test(location)) return "sameHost";
  const origin = URL.parse(location, "https://none.invalid")?.origin;
  return origin === undefined ? "unreadable" : { origin: origin.slice(0, LONGEST_NAME) };
}

/**
 * Wraps a request handler for the SDK's own clients, which fetch credentials. An answer that is not from AWS means that
 * there are no credentials: the call that needs them is not sent. Of any other error the SDK keeps only the message,
 * while fetch has the reason in the cause.
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
        const answer = thrown instanceof RefusedAnswerError ? thrown.answer : undefined;
        lastFailure = {
          why: answer ?? (error instanceof Error ? error.message : String(error)),
          foreign: answer && foreignOf(answer),
        };
        throw error;
      }
    },
  };
}

interface Failure {
  readonly why: RefusedAnswer | string;
  readonly foreign: Foreign | undefined;
}

let lastFailure: Failure | undefined;

/**
 * Why the newest request for credentials has failed; `undefined` when it has not. The SDK loses this where it renews a
 * token of SSO or of `aws login`: it says that the token is expired, or that there are no credentials anywhere.
 */
export function whyNoCredentials(): Failure | undefined {
  return lastFailure;
}

function explain(error: unknown): unknown {
  // An answer that is too large does not mean that there are no credentials.
  const isOfAnother = error instanceof RefusedAnswerError &&
    (error.answer.code === "foreignAnswer" || error.answer.code === "contradictoryAnswer");
  if (isOfAnother) return asNoCredentials(error);
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}
