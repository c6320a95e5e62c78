/** An emulator behind HTTP on loopback, for any client: the SDKs, the AWS CLI, the program under test as a process. */
import type { Answer, Emulator, EmulatorRequest } from "./emulator.ts";
import { AwsFailure } from "./failure.ts";
import { HttpConnection, type HttpRequest } from "./http_connection.ts";
import { uuidFrom } from "./identifiers.ts";
import { protocolOf } from "./protocols/protocol_of.ts";

const LOOPBACK = "127.0.0.1";

export interface EmulatorServer {
  /** The endpoint, without a trailing slash. */
  url: string;
  /** Stops listening and closes all connections. */
  close(): Promise<void>;
}

interface ServerOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** How many milliseconds pass in the world for each one on the wall: 1 by default, 0 leaves the clock to the caller. */
  speed?: number;
  /** Called when a call has been carried out and before it is answered; the answer waits for it. */
  beforeAnswer?: () => Promise<void> | void;
}

/** Serves an emulator. Its clock moves when a request comes in, by as much as has passed on the wall x speed. */
export function startEmulatorServer(emulator: Emulator, options: ServerOptions = {}): Promise<EmulatorServer> {
  const { port = 0, speed = 1, beforeAnswer } = options;
  const listener = Deno.listen({ hostname: LOOPBACK, port });
  const open = new Set<HttpConnection>();
  const catchUp = clockOf(emulator, speed);

  const answer = (connection: HttpConnection, request: HttpRequest): Promise<void> => {
    catchUp();
    return send(emulator, connection, request, beforeAnswer);
  };
  const serve = async (connection: HttpConnection): Promise<void> => {
    open.add(connection);
    try {
      for (let request = await connection.next(); request; request = await connection.next()) {
        await answer(connection, request);
      }
    } catch (error) {
      if (!isClosed(error)) throw error;
    } finally {
      connection.close();
      open.delete(connection);
    }
  };

  const accepting = accept(listener, serve);

  return Promise.resolve({
    url: `http://${LOOPBACK}:${(listener.addr as Deno.NetAddr).port}`,
    close: async () => {
      listener.close();
      for (const connection of open) connection.close();
      await accepting;
    },
  });
}

/** Serves each connection until the listener is closed, and all have ended. */
async function accept(listener: Deno.Listener, serve: (connection: HttpConnection) => Promise<void>): Promise<void> {
  const serving = new Set<Promise<void>>();
  for await (const connection of listener) {
    const served = serve(new HttpConnection(connection));
    serving.add(served);
    served.finally(() => serving.delete(served));
  }
  await Promise.all(serving);
}

async function send(
  emulator: Emulator,
  connection: HttpConnection,
  request: HttpRequest,
  beforeAnswer: ServerOptions["beforeAnswer"],
): Promise<void> {
  const response = request.headers.has("authorization")
    ? emulator.handle(emulatorRequest(request))
    : unsigned(emulatorRequest(request));
  if (response.delayMs) await new Promise((resolve) => setTimeout(resolve, response.delayMs));
  await beforeAnswer?.();
  if ("drop" in response) connection.close();
  else if (response.halfSent) await connection.sendHalf(dated(response));
  else await connection.send(dated(response));
}

/** Makes the world's clock catch up with the wall's each time it is called. */
function clockOf(emulator: Emulator, speed: number): () => void {
  const startedAtMs = performance.now();
  let advancedMs = 0;
  return () => {
    const dueMs = Math.floor((performance.now() - startedAtMs) * speed);
    emulator.advance(dueMs - advancedMs);
    advancedMs = dueMs;
  };
}

/** Whether a connection ended because one of the two sides closed it. */
function isClosed(error: unknown): boolean {
  return [Deno.errors.BadResource, Deno.errors.Interrupted, Deno.errors.BrokenPipe, Deno.errors.ConnectionReset]
    .some((closed) => error instanceof closed);
}

function emulatorRequest({ method, path, headers, body }: HttpRequest): EmulatorRequest {
  return {
    target: headers.get("x-amz-target") ?? "",
    body,
    method,
    path,
    host: headers.get("host") ?? "",
    authorization: headers.get("authorization") ?? "",
    securityToken: headers.get("x-amz-security-token") ?? "",
    userAgent: headers.get("user-agent") ?? "",
  };
}

/** What AWS says to a request without a signature; the emulator itself knows nothing of signatures. */
function unsigned(request: EmulatorRequest): Answer {
  const protocol = protocolOf(request);
  const failure = new AwsFailure("MissingAuthenticationTokenException", "Missing Authentication Token");
  return protocol.refuse(protocol.inOwnWords(failure), uuidFrom(0));
}

/** The answer with the wall's date, by which clients correct a clock that is off: the world's own would mislead them. */
function dated(answer: Answer): Answer {
  const date = new Date(Date.now() + (answer.dateOffsetMs ?? 0)).toUTCString();
  return { ...answer, headers: { ...answer.headers, date } };
}
