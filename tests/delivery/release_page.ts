/** A server of this machine that plays the releases of a repository as GitHub shows them. */

export const REPOSITORY = "made-up/repository";

/** What becomes of an answer: the connection ends in the middle of it, or the server is not up to it. */
type Trouble = "drop" | "unavailable";

export interface ReleasePage {
  readonly url: string;
  /** The files of each release by its tag; a test may change them at any time. */
  readonly releases: Map<string, Readonly<Record<string, string>>>;
  /** The tag that `releases/latest` leads to; with none it leads to the list, as GitHub's does. */
  latest: string | undefined;
  /** What becomes of the next answers with a file of this name, one for each. */
  readonly troubles: Map<string, Trouble[]>;
  /** The paths that have been asked for, below the repository's. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Serves no release, until a test adds one. Its owner has to close it. */
export function startReleasePage(): ReleasePage {
  const requests: string[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async () => {
    for await (const connection of listener) await answer(connection, page, requests);
  };
  const served = serve();
  const page: ReleasePage = {
    url: `http://127.0.0.1:${listener.addr.port}`,
    releases: new Map(),
    latest: undefined,
    troubles: new Map(),
    requests,
    close: async () => {
      listener.close();
      await served;
    },
  };
  return page;
}

/**
 * Answers the one request of a connection. Without an HTTP server, for those of Deno do not break off in the middle of an
 * answer on every version.
 */
async function answer(connection: Deno.Conn, page: ReleasePage, requests: string[]): Promise<void> {
  const path = (await readPath(connection)).replace(`/${REPOSITORY}/`, "");
  requests.push(path);
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(answerTo(path, page)));
  await writer.close();
}

async function readPath(connection: Deno.Conn): Promise<string> {
  let head = "";
  const bytes = new Uint8Array(4_096);
  while (!head.includes("\r\n\r\n")) {
    const length = await connection.read(bytes);
    if (length === null) throw new Error("the connection ended before the request did");
    head += new TextDecoder().decode(bytes.subarray(0, length));
  }
  return head.split(" ")[1]!;
}

function answerTo(path: string, page: ReleasePage): string {
  const redirect = (to: string) => response("302 Found", "", [`Location: ${page.url}/${REPOSITORY}/${to}`]);
  if (path === "releases/latest") return redirect(page.latest ? `releases/tag/${page.latest}` : "releases");
  const [, download] = /^releases\/download\/([^/]+\/[^/]+)$/.exec(path) ?? [];
  // GitHub keeps the files in another place.
  if (download !== undefined) return redirect(`storage/${download}`);

  const [, shown] = /^releases\/tag\/([^/]+)$/.exec(path) ?? [];
  if (path === "releases" || page.releases.has(shown ?? "")) return response("200 OK", "a page");
  const [, tag, name] = /^storage\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const text = page.releases.get(tag ?? "")?.[name!];
  if (text === undefined) return response("404 Not Found", "Not Found");
  const trouble = page.troubles.get(name!)?.shift();
  if (trouble === "unavailable") return response("503 Service Unavailable", "try again");
  const whole = response("200 OK", text);
  return trouble === "drop" ? whole.slice(0, -text.length / 2) : whole;
}

function response(status: string, body: string, headers: readonly string[] = []): string {
  const head = [`HTTP/1.1 ${status}`, "Connection: close", `Content-Length: ${body.length}`, ...headers];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
