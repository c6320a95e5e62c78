import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of this machine that plays the releases of a repository as GitHub shows them. */

export const REPOSITORY = "OWNER/REPO";

/** What becomes of an answer: the connection ends in the middle of it, or the server is not up to it. */
export type Trouble = "drop" | "unavailable";

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
export async function startReleasePage(): Promise<ReleasePage> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url!.replace(`/${REPOSITORY}/`, "");
    requests.push(path);
    answer(page, path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page: ReleasePage = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    releases: new Map(),
    latest: undefined,
    troubles: new Map(),
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return page;
}

function answer(page: ReleasePage, path: string, response: ServerResponse): void {
  const redirect = (to: string) => response.writeHead(302, { location: `${page.url}/${REPOSITORY}/${to}` }).end();
  if (path === "releases/latest") {
    redirect(page.latest === undefined ? "releases" : `releases/tag/${page.latest}`);
    return;
  }
  const [, download] = /^releases\/download\/([^/]+\/[^/]+)$/.exec(path) ?? [];
  if (download !== undefined) {
    // GitHub keeps the files in another place.
    redirect(`storage/${download}`);
    return;
  }
  const [, tag, name] = /^storage\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const [, shown] = /^releases\/tag\/([^/]+)$/.exec(path) ?? [];
  const isPage = path === "releases" || page.releases.has(shown ?? "");
  const text = isPage ? "a page" : page.releases.get(tag ?? "")?.[name!];
  if (text === undefined) response.writeHead(404).end("Not Found");
  else send(text, page.troubles.get(name ?? "")?.shift(), response);
}

function send(text: string, trouble: Trouble | undefined, response: ServerResponse): void {
  if (trouble === "unavailable") {
    response.writeHead(503).end("try again");
  } else if (trouble === "drop") {
    response.writeHead(200, { "content-length": text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  } else {
    response.end(text);
  }
}
