/** A company's HTTP proxy: tunnels by CONNECT, hands plain requests on, and may want a login. */
interface ConnectProxy extends AsyncDisposable {
  readonly port: number;
  /** What each request was for: the server's name and port. */
  readonly asked: readonly string[];
}

/**
 * Serves a proxy on the loopback interface. Whatever name is asked for, it is looked for on the loopback interface, too.
 *
 * @param login `user:password`; without it 407 is all that is answered
 * @param pair in PEM form; then the way to the proxy itself is TLS
 */
export function startProxy(login?: string, pair?: Readonly<Record<"cert" | "key", string>>): ConnectProxy {
  const at = { hostname: "127.0.0.1", port: 0 };
  const listener = pair === undefined ? Deno.listen(at) : Deno.listenTls({ ...at, ...pair });
  const asked: string[] = [];
  const connections: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) connections.push(serve(connection, asked, login).catch(() => {}));
  })();
  return {
    port: listener.addr.port,
    asked,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(connections);
    },
  };
}

async function serve(connection: Deno.Conn, asked: string[], login: string | undefined): Promise<void> {
  using client = connection;
  const head = await readHead(client);
  const [, verb, target] = /^(\S+) (\S+) /.exec(head) ?? [];
  if (target === undefined) return;
  const url = new URL(verb === "CONNECT" ? `http://${target}` : target);
  asked.push(url.host);
  const shown = /^proxy-authorization: basic (\S+)/im.exec(head)?.[1];
  if (login !== undefined && (shown === undefined || atob(shown) !== login)) {
    await write(client, 'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="x"\r\n');
    return await write(client, "content-length: 0\r\nconnection: close\r\n\r\n");
  }
  using server = await Deno.connect({ hostname: "127.0.0.1", port: Number(url.port) });
  if (verb === "CONNECT") await write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
  else await write(server, head.replace(target, url.pathname));
  // One that has ended ends the other.
  await Promise.race([pump(client, server), pump(server, client)]);
}

/** With whatever of the body has come with it. */
async function readHead(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(16_384);
  for (let head = "";;) {
    if (head.includes("\r\n\r\n")) return head;
    const count = await connection.read(buffer);
    if (count === null) return "";
    head += new TextDecoder().decode(buffer.subarray(0, count));
  }
}

async function write(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

async function pump(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(16_384);
  for (;;) {
    const count = await from.read(buffer).catch(() => null);
    if (count === null) return;
    for (let sent = 0; sent < count;) sent += await to.write(buffer.subarray(sent, count));
  }
}
