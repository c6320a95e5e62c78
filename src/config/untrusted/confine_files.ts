import { dirname, isAbsolute, relative, sep } from "node:path";
import { folderOf } from "../resolve_beside.ts";
import type { FileReader, Files } from "../../host.ts";

const STDIN = "/dev/stdin";

/** What it takes to know where a path leads. */
export type LinkedFiles = Pick<Files, "readText" | "realPath" | "kindOf">;

/**
 * Reads nothing but what lies in a folder, as it is written and once all links are followed. Where a path leads out of it,
 * reading throws an Error that says so.
 *
 * @param findFolder the folder that a path has to lie in, and how messages name it; `undefined` for one that may be read
 */
export function confineFiles(files: LinkedFiles, findFolder: (path: string) => Folder | undefined): FileReader {
  return {
    async readText(path) {
      const folder = findFolder(path);
      if (folder === undefined) return await files.readText(path);
      // Before it is looked at: on Windows, a look at a share of the network sends a login to its server.
      if (!isWithin(path, folder.path)) throw leadsOut(folder);
      const kind = await files.kindOf(path);
      if (kind === undefined) return undefined;
      if (kind !== "file") throw new Error("--untrusted: it is no plain file (name one)");
      const real = await files.realPath(path);
      if (real === undefined) return undefined;
      const realFolder = await files.realPath(folder.path);
      if (realFolder === undefined || !isWithin(real, realFolder)) throw leadsOut(folder);
      // What has been looked at is what is read.
      return await files.readText(real);
    },
  };
}

interface Folder {
  readonly path: string;
  readonly name: string;
}

function leadsOut({ name }: Folder): Error {
  return new Error(`--untrusted: it leads out of ${name} (move the file there)`);
}

/** For files that the config names: its folder. */
export function folderOfConfig(configPath: string): Folder {
  return { path: folderOf(configPath), name: "the folder of the config" };
}

/**
 * For files that the command line names: the working directory, which a pull request may have filled with links. Where the
 * command line itself leads elsewhere, it is the folder there. Stdin is no link of anybody's.
 */
export function folderOfNamed(path: string): Folder | undefined {
  if (path === STDIN) return undefined;
  return isWithin(path, ".")
    ? { path: ".", name: "the working directory" }
    : { path: dirname(path), name: "the folder that it is named in" };
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
