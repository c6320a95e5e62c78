import { Skipped } from "./check.ts";
import type { Processes } from "./processes.ts";

/** The packages are installed in here, and found here the next time. To get newer versions, remove the folder. */
const CACHE = "node_modules/.cache/interop";
/** The variable that names an executable of Kayac's ecspresso: it is not installed here. */
const KAYAC = "KAYAC_ECSPRESSO";
const PYTHON_PACKAGES = ["moto[server]==5.2.5", "awscli==1.46.3"];
const INSTALL_MS = 15 * 60_000;
const ASK_MS = 60_000;

/** The programs that are not ours, by their paths. */
export interface Tools {
  /** Kayac's ecspresso. Rejects with a `Skipped` when no executable of it is given. */
  kayac(): Promise<string>;
  /** The AWS CLI and moto's server, installed when they are first asked for. Rejects with a `Skipped` when they cannot be had. */
  python(): Promise<{ readonly aws: string; readonly motoServer: string }>;
}

/** @param print is told what is being installed, for it can take minutes */
export function createTools(processes: Processes, print: (line: string) => void): Tools {
  return {
    kayac: once(() => findKayac(processes, print)),
    python: once(() => installPython(processes, print)),
  };
}

function once<T>(act: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => result ??= act();
}

async function findKayac(processes: Processes, print: (line: string) => void): Promise<string> {
  const given = Deno.env.get(KAYAC) ?? "";
  if (given === "") throw new Skipped(`${KAYAC} names no executable of Kayac's ecspresso`);
  // What has been asked for by name is no reason to skip anything when it is not there.
  const path = await Deno.realPath(given).catch(() => {
    throw new Error(`${KAYAC} is ${given}, which is not there`);
  });
  const { code, stdout, stderr } = await processes.run({ command: [path, "version"], timeoutMs: ASK_MS });
  if (code !== 0) throw new Error(`${path} version failed: ${lastLines(stderr || stdout)}`);
  print(`# Kayac's ecspresso: ${stdout.trim()}`);
  return path;
}

async function installPython(processes: Processes, print: (line: string) => void) {
  const environment = `${await cacheFolder()}/python`;
  const bin = `${environment}/bin`;
  // Written last: an installation that was interrupted, or is one of other versions, is made anew.
  const mark = `${environment}/installed.txt`;
  const packages = PYTHON_PACKAGES.join("\n");
  if (!await exists(mark) || await Deno.readTextFile(mark) !== packages) {
    print(`# pip install ${PYTHON_PACKAGES.join(" ")}`);
    await succeed(processes, ["python3", "-m", "venv", "--clear", environment], "Python");
    await succeed(processes, [`${bin}/pip`, "install", "--quiet", ...PYTHON_PACKAGES], "pip");
    await Deno.writeTextFile(mark, packages);
  }
  return { aws: `${bin}/aws`, motoServer: `${bin}/moto_server` };
}

/** Runs a step of an installation and returns what it printed. Throws a `Skipped` that says why when it fails. */
async function succeed(
  processes: Processes,
  command: readonly string[],
  name: string,
  env: Record<string, string> = Deno.env.toObject(),
): Promise<string> {
  const isInstalling = command.includes("install") || command.includes("venv");
  const ended = await processes.run({ command, env, timeoutMs: isInstalling ? INSTALL_MS : ASK_MS }).catch((error) => {
    throw new Skipped(error instanceof Deno.errors.NotFound ? `${name} is not on this machine` : error.message);
  });
  if (ended.code === 0) return ended.stdout.trim();
  throw new Skipped(`"${command.join(" ")}" failed: ${lastLines(ended.stderr || ended.stdout)}`);
}

/** As much of the end of an output as fits on a line. */
function lastLines(output: string): string {
  return output.trim().split("\n").slice(-3).map((line) => line.trim()).join(" / ");
}

async function cacheFolder(): Promise<string> {
  await Deno.mkdir(CACHE, { recursive: true });
  return await Deno.realPath(CACHE);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
