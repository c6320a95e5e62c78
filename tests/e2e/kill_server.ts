import type { Emulator } from "../emulator/emulator.ts";
import { HttpConnection, type HttpRequest } from "../emulator/http_connection.ts";

/** One call that a client has made. */
export interface HeldCall {
  /** The operation and how often the client has called it so far: `DescribeServices#2`. */
  readonly name: string;
  /** Resolves when the client has closed the connection: it no longer waits for the answer. */
  readonly abandoned: Promise<void>;
  /** Carries the call out, whoever waits for it: for calls that arrive when nobody does any more. */
  readonly carryOut: () => void;
}

/** Just before the call is carried out, or after that and before it is answered. */
export type Moment = "before" | "after";

/** Asked at both moments of every call, which waits for the answer; `false` ends the call there: the connection is closed. */
type Gate = (call: HeldCall, moment: Moment) => Promise<boolean> | boolean;

/**
 * Serves an emulator, whose clock only the caller moves, while `use` runs. Unlike the emulator's own server it can hold a
 * call before it is carried out, and it knows when a client has given a call up.
 */
export async function serveHeld<Result>(
  emulator: Emulator,
  gate: Gate,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answer = answering(emulator, gate);
  const open = new Set<HttpConnection>();
  const serving: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const accepted of listener) {
      const connection = new HttpConnection(accepted);
      open.add(connection);
      serving.push(serve(connection, answer).finally(() => open.delete(connection)));
    }
  })();
  try {
    return await use(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`);
  } finally {
    listener.close();
    for (const connection of open) connection.close();
    await accepting;
    await Promise.all(serving);
  }
}

type AnswerRequest = (connection: HttpConnection, request: HttpRequest, abandoned: Promise<void>) => Promise<void>;

/** Carries calls out and answers them, as far as the gate lets them. */
function answering(emulator: Emulator, gate: Gate): AnswerRequest {
  const seen = new Map<string, number>();
  return async (connection, { headers, body }, abandoned) => {
    const target = headers.get("x-amz-target") ?? "";
    const operation = target.slice(target.indexOf(".") + 1);
    const count = (seen.get(operation) ?? 0) + 1;
    seen.set(operation, count);
    const carryOut = () => emulator.handle({ target, body });
    const call = { name: `${operation}#${count}`, abandoned, carryOut: () => void carryOut() };
    if (!await gate(call, "before")) return connection.close();
    const response = carryOut();
    if (!await gate(call, "after") || "drop" in response) return connection.close();
    const dated = { ...response.headers, date: new Date().toUTCString() };
    await connection.send({ ...response, headers: dated }).catch(ignoreClosed);
  };
}

/** Serves one connection to its end. */
async function serve(connection: HttpConnection, answer: AnswerRequest): Promise<void> {
  const next = () => connection.next().catch(ignoreClosed);
  for (let request = await next(); request;) {
    // Clients of AWS send no request before they have the answer to the last one: what comes first is the end.
    const following = next();
    const abandoned = following.then((another) => another === undefined ? undefined : new Promise<void>(() => {}));
    await answer(connection, request, abandoned);
    request = await following;
  }
  connection.close();
}

/** The client, or the end of the test, was faster. */
function ignoreClosed(error: unknown): undefined {
  const expected = [
    Deno.errors.BadResource,
    Deno.errors.Interrupted,
    Deno.errors.BrokenPipe,
    Deno.errors.ConnectionReset,
  ];
  if (!expected.some((closed) => error instanceof closed)) throw error;
}
