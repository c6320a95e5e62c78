import { Buffer } from "node:buffer";
import { createServer, type Server, type Socket } from "node:net";
import type { Answer, Emulator } from "../emulator/emulator.ts";

/**
 * The emulator behind HTTP on loopback, with somebody on the wire who may do anything with a call. The sockets are those of
 * `node:net`, which can reset a connection.
 */

/** One call that has reached the wire. */
export interface Exchange {
  readonly socket: Socket;
  /** What AWS has answered; `undefined` where the call was not carried out. */
  readonly answer: Answer | undefined;
  /** The answer to the call before this one, whatever that was. */
  readonly previous: Answer | undefined;
  /** This server, and another one that nothing may be sent to. */
  readonly origin: string;
  readonly otherOrigin: string;
  /** Takes no connections any more, for so long; `Infinity`: never again. */
  readonly stopListening: (ms: number) => void;
  /** Aborted when the run is over. */
  readonly over: AbortSignal;
}

/** What somebody does on the wire in the place of the answer. */
export type Act = (exchange: Exchange) => Promise<void> | void;

/** What is to become of a call; `undefined`: it is carried out and answered. */
export interface Interference {
  readonly act: Act;
  readonly isCarriedOut: boolean;
}

interface Wire {
  readonly emulator: Emulator;
  /** Asked once for each call, before anything is done: `UpdateService`, and how often it has come, from 1. */
  readonly interfere: (operation: string, nth: number) => Interference | undefined;
}

/** What has come over the wire besides calls. */
export interface Strays {
  /** Requests to another origin. */
  readonly elsewhere: string[];
  /** Requests that follow a redirect to this one. */
  readonly redirected: string[];
}

interface Request {
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Where redirects to the same origin lead. */
export const REDIRECTED_PATH = "/elsewhere";

const LOOK_FOR_PORT_EVERY_MS = 50;
const STOPPED_AFTER_MS = 1_000;

/** Serves while `use` runs. */
export async function serveWire<Result>(
  wire: Wire,
  use: (url: string, strays: Strays) => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  const strays: Strays = { elsewhere: [], redirected: [] };
  const other = await listen((socket) => refuseElsewhere(socket, strays));
  const answer = answering(wire, strays);
  const main = await listen((socket) =>
    readRequests(socket, (request) =>
      answer(request, {
        ...{ socket, origin: main.origin, otherOrigin: other.origin, over: over.signal },
        stopListening: (ms) => void main.pause(ms),
      }))
  );
  try {
    return await use(main.origin, strays);
  } finally {
    over.abort();
    await Promise.all([main.close(), other.close()]);
  }
}

/** Answers whatever is sent to another origin with a login page, and puts it on record. */
function refuseElsewhere(socket: Socket, { elsewhere }: Strays): void {
  elsewhere.push("a connection");
  socket.on("data", (bytes: Uint8Array) => {
    elsewhere.push(text(bytes));
    socket.write(encode(200, { "content-type": "text/html" }, "<html><body>Please log in</body></html>"));
  });
}

type AnswerRequest = (request: Request, wire: Omit<Exchange, "answer" | "previous">) => Promise<void>;

/** Answers calls, unless somebody does something else with them. */
function answering({ emulator, interfere }: Wire, strays: Strays): AnswerRequest {
  const counts = new Map<string, number>();
  let previous: Answer | undefined;
  return async ({ path, headers, body }, wire) => {
    const target = headers.get("x-amz-target") ?? "";
    if (path !== "/") strays.redirected.push(`${path} ${target}`);
    const operation = target.slice(target.indexOf(".") + 1);
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    const interference = interfere(operation, nth);
    const answer = interference?.isCarriedOut === false ? undefined : emulator.handle({ target, body });
    if (answer && "drop" in answer) throw new Error("the worlds of this matrix have no faults of their own");
    const exchange = { ...wire, answer, previous };
    previous = answer ?? previous;
    await (interference?.act ?? answerTruly)(exchange);
  };
}

/** Sends what AWS has answered, as it is. */
export function answerTruly({ socket, answer }: Exchange): void {
  if (answer !== undefined) socket.write(encode(answer.status, headersOf(answer), answer.body));
}

/** The headers of AWS's answer, with the date of now. */
export function headersOf({ headers }: Answer): Record<string, string> {
  return { ...headers, date: new Date().toUTCString() };
}

/** A whole answer as it goes over the wire, with its length unless `headers` name one. */
export function encode(status: number, headers: Record<string, string>, body: string | Uint8Array): Uint8Array {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const all = { "content-length": String(bytes.length), ...headers };
  const fields = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Status\r\n${fields}\r\n`), bytes]);
}

/** Calls `onRequest` for each request on a connection, one after the other. */
function readRequests(socket: Socket, onRequest: (request: Request) => Promise<void>): void {
  let received = Buffer.alloc(0);
  let work = Promise.resolve();
  socket.on("data", (bytes: Uint8Array) => {
    received = Buffer.concat([received, bytes]);
    for (let taken = takeRequest(received); taken !== undefined; taken = takeRequest(received)) {
      const { request, length } = taken;
      received = received.subarray(length);
      work = work.then(() => onRequest(request));
    }
  });
}

function takeRequest(received: Buffer): { request: Request; length: number } | undefined {
  const headLength = received.indexOf("\r\n\r\n");
  if (headLength < 0) return undefined;
  const [first = "", ...lines] = received.toString("latin1", 0, headLength).split("\r\n");
  const headers = new Map(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  }));
  const bodyAt = headLength + 4;
  const length = bodyAt + Number(headers.get("content-length") ?? 0);
  if (received.length < length) return undefined;
  const body = received.toString("utf8", bodyAt, length);
  return { request: { path: first.split(" ")[1] ?? "", headers, body }, length };
}

interface Listening {
  readonly origin: string;
  readonly pause: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of loopback. */
async function listen(onConnection: (socket: Socket) => void): Promise<Listening> {
  const open = new Set<Socket>();
  let isOver = false;
  let resuming: ReturnType<typeof setTimeout> | undefined;
  const start = (port: number) => startServer(port, open, onConnection);
  let server = await start(0);
  const { port } = server.address() as { port: number };
  return {
    origin: `http://127.0.0.1:${port}`,
    pause: async (ms) => {
      await stopServer(server, open);
      if (ms === Infinity || isOver) return;
      // Whoever connects to somewhere may have been given the port for that; then it is free again soon.
      const resume = () =>
        start(port).then((started) => server = started, () => {
          if (!isOver) resuming = setTimeout(resume, LOOK_FOR_PORT_EVERY_MS);
        });
      resuming = setTimeout(resume, ms);
    },
    close: async () => {
      isOver = true;
      clearTimeout(resuming);
      await stopServer(server, open);
    },
  };
}

function startServer(port: number, open: Set<Socket>, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      open.add(socket);
      // Either side may end a connection at any time: that is what happens here.
      socket.on("error", () => {});
      socket.on("close", () => open.delete(socket));
      onConnection(socket);
    });
    server.on("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

async function stopServer(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    // Deno 2.6 does not always say that it has stopped.
    const timer = setTimeout(resolve, STOPPED_AFTER_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    for (const socket of open) socket.destroy();
  });
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
