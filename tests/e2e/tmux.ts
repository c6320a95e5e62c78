import assert from "node:assert/strict";
import { CONFIG, programUnderTest, quoteWords, variables } from "./cli_process.ts";

/** The program in a real pseudo-terminal: tmux plays the terminal, types, and reads what is on the screen. */

export interface Pane {
  /** All lines since the beginning, each as long as it was written, without the empty ones below. */
  lines(): Promise<string[]>;
  /** Waits until the lines are as wanted, and returns them. Fails after half a minute. */
  until(isWanted: (lines: readonly string[]) => boolean): Promise<string[]>;
  /** What the program has written so far, escape codes and all. */
  written(): Promise<string>;
  /** Presses keys by tmux's names for them, such as `C-c`, at once. */
  press(...keys: string[]): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Closes the terminal, as by its window's button. */
  close(): Promise<void>;
  /** The exit code, once the program has ended, whether or not there is a terminal to see it. Fails after half a minute. */
  exitCode(): Promise<number>;
}

export interface PaneOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** A command of the shell that reads the program's stdout in the terminal's place; its exit code is the one shown. */
  readonly reader?: string;
  /** Variables besides those that every run gets; an empty text unsets one. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program runs as a job: stopped by Ctrl-Z, it gives way to `stopped` and goes on after Enter, by `fg`. */
  readonly isJob?: boolean;
  /** SIGHUP is ignored, as by nohup. */
  readonly ignoresHangUp?: boolean;
}

const WANTED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Whether there is a tmux to test with; says so when there is none. */
export const HAS_TMUX = await hasTmux();

async function hasTmux(): Promise<boolean> {
  try {
    return (await new Deno.Command("tmux", { args: ["-V"], stdout: "null", stderr: "null" }).output()).success;
  } catch {
    console.log("there is no tmux: what the program shows on a terminal is not tested (apt-get install tmux)");
    return false;
  }
}

/**
 * Runs a command line of the program in a terminal of its own while `test` looks at it. When the program has ended, its
 * exit code stands behind what it has written: `exit=0`.
 */
export async function withPane(
  url: string,
  args: readonly string[],
  { columns = 150, rows = 40, ...options }: PaneOptions,
  test: (pane: Pane) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-e2e-" });
  const tmux = async (...words: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-u", "-S", `${folder}/tmux`, "-f", "/dev/null", ...words],
      cwd: folder,
      env: { ...variables(url, folder), LC_ALL: "C.UTF-8" },
      clearEnv: true,
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert.ok(success, text(stderr));
    return text(stdout);
  };
  try {
    for (const [name, text] of Object.entries(CONFIG)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const script = scriptOf(args, options);
    const size = ["-x", String(columns), "-y", String(rows)];
    await tmux(
      ...["set", "-g", "status", "off", ";"],
      ...["new-session", "-d", ...size, "sh", "-c", script, ";"],
      ...["pipe-pane", "cat >written"],
    );
    await test(paneOf(tmux, folder));
  } finally {
    await tmux("kill-server").catch(() => "the terminal is closed by now");
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the shell in the terminal runs: the program, and then its exit code. */
function scriptOf(
  args: readonly string[],
  { reader, env = {}, isJob = false, ignoresHangUp = false }: PaneOptions,
): string {
  const { command, args: first } = programUnderTest();
  const changes = Object.entries(env).flatMap(([name, value]) => value === "" ? ["-u", name] : [`${name}=${value}`]);
  const run = quoteWords(["env", ...changes, command, ...first, ...args]);
  // The shell goes on after a Ctrl-C, and the screen stays as it is.
  return [
    ignoresHangUp ? "trap '' HUP" : "",
    "trap : INT",
    isJob ? "set -m" : "",
    `${run}${reader === undefined ? "" : ` | ${reader}`}`,
    isJob ? "echo; echo stopped; read line; fg >/dev/null" : "",
    `code=$?; printf %s "$code" >ending; mv ending ended; printf 'exit=%s\\n' "$code"; exec cat`,
  ].filter((line) => line !== "").join("\n");
}

/** Lines of the log that the program has broken for the terminal, as they were: what continues one is indented, or a command. */
function whole(rows: readonly string[]): string[] {
  return rows.reduce((lines: string[], row) => {
    const last = lines.at(-1);
    const continues = last !== undefined && /^(?:\^C)?\d{4}\//.test(last) && /^ {2}\S|^(?:aws|ecspresso) /.test(row);
    return continues ? [...lines.slice(0, -1), `${last} ${row.trimStart()}`] : [...lines, row];
  }, []);
}

function paneOf(tmux: (...words: string[]) => Promise<string>, folder: string): Pane {
  const lines = async () => {
    const all = (await tmux("capture-pane", "-p", "-J", "-S", "-")).split("\n").map((line) => line.trimEnd());
    return whole(all.slice(0, all.findLastIndex((line) => line !== "") + 1));
  };
  return {
    lines,
    async until(isWanted) {
      let seen = await lines();
      for (const endMs = performance.now() + WANTED_WITHIN_MS; !isWanted(seen) && performance.now() < endMs;) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        seen = await lines();
      }
      assert.ok(isWanted(seen), `not seen within ${WANTED_WITHIN_MS} ms; the screen:\n${seen.join("\n")}`);
      return seen;
    },
    written: () => Deno.readTextFile(`${folder}/written`),
    press: async (...keys) => void await tmux("send-keys", ...keys),
    resize: async (columns, rows) => void await tmux("resize-window", "-x", String(columns), "-y", String(rows)),
    close: async () => void await tmux("kill-session"),
    async exitCode() {
      for (const endMs = performance.now() + WANTED_WITHIN_MS; performance.now() < endMs;) {
        const code = await Deno.readTextFile(`${folder}/ended`).catch(() => undefined);
        if (code !== undefined) return Number(code);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      throw new Error(`the program has not ended within ${WANTED_WITHIN_MS} ms`);
    },
  };
}
