/** The last stage of the Dockerfile: what its root file system is made of, and how the program is started in it. */
export interface Image {
  /** The release of Debian, such as `trixie`. */
  readonly suite: string;
  /** What is installed besides Debian's minimum. */
  readonly packages: readonly string[];
  /** Commands that are run as root, after the packages are there. */
  readonly commands: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** `UID:GID`. */
  readonly user: string;
  readonly directory: string;
  readonly entrypoint: readonly string[];
}

/**
 * Reads what our own Dockerfile uses of the language.
 *
 * @throws Error when something of an image is missing, or an instruction is none of those that are understood
 */
export function readDockerfile(text: string): Image {
  const instructions = text.replace(/^#.*\n/gm, "").replace(/\\\n\s*/g, "").split("\n").filter((line) => line !== "");
  const start = instructions.findLastIndex((line) => line.startsWith("FROM "));
  const stage = instructions.slice(start).map((line) => /^([A-Z]+)\s+(.*)$/.exec(line)!.slice(1) as [string, string]);
  const unknown = stage.find(([name]) => !UNDERSTOOD.includes(name));
  if (unknown !== undefined) throw new Error(`the check does not understand ${unknown[0]} of the Dockerfile`);

  const all = (name: string) => stage.filter(([found]) => found === name).map(([, rest]) => rest);
  const one = (name: string, pattern: RegExp) => {
    const found = all(name).map((rest) => pattern.exec(rest)?.[1]).find((match) => match !== undefined);
    if (found === undefined) throw new Error(`the Dockerfile has no ${name} that matches ${pattern}`);
    return found;
  };
  return {
    suite: one("FROM", /^debian:([a-z]+)-[\w.-]*slim/),
    packages: one("RUN", /--no-install-recommends ([a-z0-9 .+-]+?)(?: &&|$)/).split(" "),
    commands: all("RUN").filter((command) => !command.startsWith("apt-get ")),
    env: Object.fromEntries(all("ENV").map((rest) => rest.split("=", 2))),
    user: one("USER", /^(\d+:\d+)$/),
    directory: one("WORKDIR", /^(\/\S+)$/),
    entrypoint: JSON.parse(one("ENTRYPOINT", /^(\[.*\])$/)),
  };
}

const UNDERSTOOD = ["FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", "ENTRYPOINT"];
