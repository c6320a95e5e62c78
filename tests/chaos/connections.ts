import { Buffer } from "node:buffer";
import { type Misbehaviour, named, pause, trueAnswer } from "./misbehaviour.ts";
import { type Act, answerTruly, encode, type Exchange, headersOf } from "./wire.ts";

/** What happens to connections: refused, closed, reset, silent, slow, or not HTTP at all. */

const CUT_AFTER_MS = 700;
const SLOW_MS = 1_500;
const DRIP_MS = 400;

/** AWS's whole answer, with some headers in the place of its own. */
function whole(exchange: Exchange, headers: Record<string, string> = {}): Buffer {
  const answer = trueAnswer(exchange);
  return Buffer.from(encode(answer.status, { ...headersOf(answer), ...headers }, answer.body));
}

/** All of the answer but the second half of its body. */
function half(exchange: Exchange, headers?: Record<string, string>): Buffer {
  const bytes = whole(exchange, headers);
  return bytes.subarray(0, bytes.length - Math.ceil(Buffer.byteLength(trueAnswer(exchange).body) / 2));
}

function head(exchange: Exchange): string {
  const bytes = whole(exchange).toString("latin1");
  return bytes.slice(0, bytes.indexOf("\r\n\r\n") + 4);
}

/** The answer in chunks, with what comes in the place of the last ones. */
function inChunks(exchange: Exchange, end: string): string {
  const { body } = trueAnswer(exchange);
  const fields = head(exchange).replace(/content-length: \d+\r\n/, "transfer-encoding: chunked\r\n");
  const parts = [body.slice(0, 10), body.slice(10)].filter((part) => part !== "");
  return fields + parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`).join("") + end;
}

const ends =
  (last: (exchange: Exchange) => void, first: (exchange: Exchange) => string | Uint8Array = () => ""): Act =>
  async (exchange) => {
    const bytes = first(exchange);
    if (bytes.length > 0) await new Promise<void>((resolve) => exchange.socket.write(bytes, () => resolve()));
    last(exchange);
  };
const close = ({ socket }: Exchange) => void socket.end();
/** Deno 2.6 cannot: there it is closed. */
const reset = ({ socket }: Exchange) => void (socket.resetAndDestroy ?? socket.destroy).call(socket);
const stay = () => {};

const drip = (bytesOf: (exchange: Exchange) => Uint8Array): Act => async (exchange) => {
  const { socket, over } = exchange;
  for (const byte of bytesOf(exchange)) {
    if (over.aborted || socket.destroyed) return;
    socket.write(Uint8Array.of(byte));
    await pause(DRIP_MS, over);
  }
};

const endlessHead: Act = async ({ socket, over }) => {
  socket.write("HTTP/1.1 200 OK\r\n");
  for (let count = 0; !over.aborted && !socket.destroyed; count++) {
    socket.write(`x-padding-${count}: ${"x".repeat(40)}\r\n`);
    await pause(DRIP_MS, over);
  }
};

const length = (change: (length: number) => number | string) => (exchange: Exchange) =>
  whole(exchange, { "content-length": String(change(Buffer.byteLength(trueAnswer(exchange).body))) });

/** AWS's answer, and then no connection any more for so long. */
const refuse = (ms: number): Act => (exchange) =>
  void exchange.socket.end(whole(exchange, { connection: "close" }), () => exchange.stopListening(ms));

export const CONNECTIONS: readonly Misbehaviour[] = [
  // The call itself is answered; those that come next are not.
  ...named("trouble", "always", { "refused for a while": refuse(CUT_AFTER_MS) }, { only: ["once", "twice"] }),
  ...named("trouble", "always", { "refused from now on": refuse(Infinity) }, { only: ["everything"] }),
  ...named("harmless", "always", {
    "answered late": async (exchange) => {
      await pause(SLOW_MS, exchange.over);
      answerTruly(exchange);
    },
    "100 Continue before the answer": ends(answerTruly, () => "HTTP/1.1 100 Continue\r\n\r\n"),
    "103 Early Hints before the answer": ends(answerTruly, () => "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"),
    "HTTP 1.0": ends(close, (exchange) => whole(exchange).toString().replace("HTTP/1.1", "HTTP/1.0")),
    "HTTP 1.0 without a length": ends(
      close,
      (exchange) => whole(exchange).toString().replace("HTTP/1.1", "HTTP/1.0").replace(/content-length: \d+\r\n/, ""),
    ),
    "closed after the answer, as announced": ends(close, (exchange) => whole(exchange, { connection: "close" })),
    "closed after the answer, unannounced": ends(close, whole),
    "reset after the answer": ends(async (exchange) => {
      await pause(200, exchange.over);
      reset(exchange);
    }, whole),
    "in chunks": ends(stay, (exchange) => inChunks(exchange, "0\r\n\r\n")),
    "in chunks with a trailer": ends(stay, (exchange) => inChunks(exchange, "0\r\nx-check: 1\r\n\r\n")),
    "answered twice": ends(stay, (exchange) => Buffer.concat([whole(exchange), whole(exchange)])),
  }),
  ...named("trouble", "either", {
    "closed without an answer": close,
    "reset without an answer": reset,
    "closed in the status line": ends(close, () => "HTTP/1.1 20"),
    "reset in the headers": ends(reset, () => "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n"),
    "not HTTP: a banner": ends(close, () => "SSH-2.0-OpenSSH_9.6\r\n"),
    "not HTTP: an alert of TLS": ends(close, () => Uint8Array.of(0x15, 3, 1, 0, 2, 2, 0x28)),
    "another protocol's status line": ends(close, () => "ICY 200 OK\r\n\r\n"),
    "a status that is no number": ends(close, () => "HTTP/1.1 OK\r\ncontent-length: 0\r\n\r\n"),
    "headers without an end, then closed": ends(close, () => `HTTP/1.1 200 OK\r\n${"x-a: b\r\n".repeat(2_000)}`),
    "a header of a megabyte": ends(close, () => `HTTP/1.1 200 OK\r\nx-a: ${"b".repeat(1_000_000)}\r\n\r\n`),
  }),
  ...named("trouble", "always", {
    "half a body, then closed": ends(close, half),
    "half a body, then reset": ends(reset, half),
    "a length that is too small": ends(close, length((bytes) => bytes >> 1)),
    "a length that is too large, then closed": ends(close, length((bytes) => bytes + 100)),
    "a length that is negative": ends(close, length(() => -1)),
    "a length that is no number": ends(close, length(() => "many")),
    "two lengths": ends(
      close,
      (exchange) => whole(exchange).toString().replace("\r\n\r\n", "\r\ncontent-length: 3\r\n\r\n"),
    ),
    "chunks without an end, then closed": ends(close, (exchange) => inChunks(exchange, "")),
    "a chunk whose size is no number": ends(close, (exchange) => inChunks(exchange, "zz\r\n")),
    "the answer to the call before": ends(
      stay,
      ({ previous, ...exchange }) => whole({ ...exchange, previous, answer: previous ?? exchange.answer }),
    ),
  }),
  ...named("trouble", "either", {
    "silence": stay,
    "100 Continue, then silence": ends(stay, () => "HTTP/1.1 100 Continue\r\n\r\n"),
    "headers without an end": endlessHead,
  }, { isSlow: true }),
  ...named("trouble", "always", {
    "half a body, then silence": ends(stay, half),
    "a length that is too large": ends(stay, length((bytes) => bytes + 100)),
    "a byte at a time": drip(whole),
  }, { isSlow: true }),
];
