import type { Image } from "./read_dockerfile.ts";

/** How a program ended that was run in the root file system. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** `UID:GID`; the image's when left out. */
  readonly user?: string;
}

const LONGEST_RUN_MS = 60_000;

/** What Docker sets in every container. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Mounts of a container that is run with `--read-only` and one folder mounted read-only, and then the program, without
 * any capability and any way to get one.
 */
const ENTER = `
mount --bind "$1" "$1"
mount --bind "$2" "$1$3"
mount -o remount,bind,ro "$1$3"
mount -t proc proc "$1/proc"
mount -o remount,bind,ro "$1"
root=$1 directory=$3 uid=\${4%:*} gid=\${4#*:}
shift 4
exec chroot "$root" /usr/bin/setpriv --reuid="$uid" --regid="$gid" --clear-groups --no-new-privs --inh-caps=-all \\
  --bounding-set=-all /usr/bin/env --ignore-environment --chdir="$directory" "$@"
`;

/**
 * Makes the image's root file system in `root`, which does not exist yet, from Debian's packages: the base images are
 * made of the same ones. Needs root and the network.
 *
 * @param executable what the first stage would have built
 * @throws Error when that does not work; what went wrong has been printed
 */
export async function makeRoot(root: string, image: Image, executable: string): Promise<void> {
  await must("debootstrap", ["--variant=minbase", `--include=${image.packages.join(",")}`, image.suite, root]);
  for (const command of image.commands) await must("chroot", [root, "/bin/sh", "-euc", command]);
  await Deno.copyFile(executable, `${root}/usr/local/bin/ecspresso`);
  await Deno.mkdir(`${root}${image.directory}`, { recursive: true });
}

/** Runs a program in the root file system as a container does; `work` is its working directory. */
export async function runInRoot(
  root: string,
  work: string,
  image: Image,
  command: readonly string[],
  { env = {}, user = image.user }: RunOptions = {},
): Promise<Ended> {
  const variables = Object.entries({ PATH, HOME: "/home/ecspresso", ...image.env, ...env });
  const { code, stdout, stderr } = await new Deno.Command("unshare", {
    args: [
      ...["--mount", "--pid", "--fork", "--kill-child", "--propagation=private"],
      ...["/bin/sh", "-euc", ENTER, "sh", root, work, image.directory, user],
      ...variables.map(([name, value]) => `${name}=${value}`),
      ...command,
    ],
    stdin: "null",
    signal: AbortSignal.timeout(LONGEST_RUN_MS),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], stdin: "null" }).output();
  if (code === 0) return;
  const said = new TextDecoder().decode(new Uint8Array([...stdout, ...stderr])).trimEnd().split("\n").slice(-20);
  throw new Error(`${program} ended with ${code}:\n${said.join("\n")}`);
}
