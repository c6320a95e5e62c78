/**
 * HTTP/1.1 on one connection, as much of it as AWS's clients speak: requests with `Content-Length`, one after another.
 *
 * Written on the bare connection because the emulator must be able to close it without an answer, or in the middle of
 * one; the servers of Deno and of its Node.js layer do not let a handler do that on every version.
 */
const HEAD_END = "\r\n\r\n";
const REASONS: Record<number, string> = {
  200: "OK",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export interface HttpRequest {
  method: string;
  /** With the query string, if there is one. */
  path: string;
  /** Names in lower case. */
  headers: Map<string, string>;
  body: string;
}

interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Reads requests from a connection and writes answers to it. */
export class HttpConnection {
  readonly #connection: Deno.Conn;
  /** Whether the request that is being answered is one whose answer has no body. */
  #isHead = false;
  #received: Uint8Array = new Uint8Array();

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** The next request, or undefined once the client has closed the connection. */
  async next(): Promise<HttpRequest | undefined> {
    let headLength: number;
    while ((headLength = latin1(this.#received).indexOf(HEAD_END)) < 0) {
      if (!await this.#receive()) return undefined;
    }
    const [first = "", ...lines] = latin1(this.#take(headLength + HEAD_END.length)).trimEnd().split("\r\n");
    const headers = new Map(lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }));
    const bodyLength = Number(headers.get("content-length") ?? 0);
    while (this.#received.length < bodyLength) if (!await this.#receive()) return undefined;
    const [method = "", path = ""] = first.split(" ");
    this.#isHead = method === "HEAD";
    return { method, path, headers, body: new TextDecoder().decode(this.#take(bodyLength)) };
  }

  /** Sends a whole answer. */
  async send(answer: HttpAnswer): Promise<void> {
    await this.#write(encode(this.#isHead ? { ...answer, body: "" } : answer));
  }

  /** Promises a whole answer, sends all but half of its body, and closes the connection. */
  async sendHalf(answer: HttpAnswer): Promise<void> {
    const bytes = encode(answer);
    await this.#write(bytes.subarray(0, bytes.length - Math.ceil(byteLength(answer.body) / 2)));
    this.close();
  }

  close(): void {
    try {
      this.#connection.close();
    } catch {
      // The client was faster.
    }
  }

  async #receive(): Promise<boolean> {
    const chunk = new Uint8Array(16_384);
    const length = await this.#connection.read(chunk);
    if (length === null) return false;
    const joined = new Uint8Array(this.#received.length + length);
    joined.set(this.#received);
    joined.set(chunk.subarray(0, length), this.#received.length);
    this.#received = joined;
    return true;
  }

  #take(length: number): Uint8Array {
    const taken = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return taken;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) written += await this.#connection.write(bytes.subarray(written));
  }
}

const latin1 = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
const byteLength = (text: string) => new TextEncoder().encode(text).length;

function encode({ status, headers, body }: HttpAnswer): Uint8Array {
  const fields = { ...headers, "content-length": String(byteLength(body)) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${REASONS[status] ?? "Error"}`, ...lines].join("\r\n");
  return new TextEncoder().encode(head + HEAD_END + body);
}
