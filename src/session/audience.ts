import type { Host, Output } from "../host.ts";
import { maskAll } from "../secrets/hidden_values.ts";
import type { Intent } from "../rollout/plan/plan.ts";
import type { GithubView } from "../report/github/open_github_view.ts";
import { canShowLive } from "../report/live/can_show_live.ts";
import type { LiveDisplay } from "../report/live/live_display.ts";
import type { RunEvent, Viewer } from "../report/run_event.ts";
import type { Reporting } from "./global_options.ts";

/** Whoever is shown a run besides the reader of the plain log. */
export interface Audience {
  /** What the log and everything else for people is written to: some viewers share it. */
  readonly stderr: Output;
  /** What results for people are written to. */
  readonly stdout: Output;
  /** What to type for another command on the same service; the session knows how the service is named. */
  commandLine: (command: string) => string;
  /** Whether somebody is shown how the files of a deploy differ from what runs: that is a call more. */
  readonly seesDifferences: boolean;
  /** The files that it writes to when the run has ended. */
  readonly writes: readonly string[];
  tell(event: RunEvent): void;
  /** Shows anew what is drawn: somebody else has had the terminal meanwhile. */
  redraw(): void;
  /**
   * Tells how the program ends, and waits until everybody has written down what they made of the run. Answers with what
   * went wrong with that, a line each.
   */
  finish(exitCode: number): Promise<string[]>;
}

/** Nobody but the reader of the log. */
export function noAudience({ stderr, stdout }: Pick<Host, "stderr" | "stdout">): Audience {
  return {
    stderr,
    stdout,
    commandLine: (name) => `ecspresso ${name}`,
    seesDifferences: false,
    writes: [],
    tell: () => {},
    redraw: () => {},
    finish: () => Promise.resolve([]),
  };
}

/** The commands that have a run to show. */
const SHOWN: readonly Intent[] = ["rollback", "deploy", "wait"];

interface Masking {
  /** Replaces hidden values in a text. Views apply it before they cut a text or write it in another form. */
  readonly mask: (text: string) => string;
  /** For NDJSON, whose texts are masked by then: in what is written, a number might look like a value. */
  readonly wholeStdout: Output;
}

/** Finds out from the command line and the environment who is to be shown the run. Loads only those. */
export async function gatherAudience(
  host: Host,
  peeked: Reporting,
  { mask, wholeStdout }: Masking,
): Promise<Audience> {
  const command = SHOWN.find((name) => name === peeked.command);
  const viewers: Viewer[] = [];
  const readsEvents = command !== undefined && peeked.output === "json";
  if (readsEvents) {
    const { createJsonView } = await import("../report/event_json.ts");
    viewers.push(createJsonView((line) => wholeStdout.write(line)));
  }
  const audience = noAudience(host);
  const github = peeked.isForGithub ? await openForGithub(host, command, audience) : undefined;
  const display = github === undefined ? await openDisplay(host, command, peeked) : undefined;
  for (const view of [github, display]) if (view !== undefined) viewers.push(view.viewer);
  const tell = (event: RunEvent) => {
    const atMs = host.clock.now();
    const shown = maskAll(event, mask);
    for (const viewer of viewers) viewer.see(shown, atMs);
  };
  return Object.assign(audience, {
    stderr: (github ?? display)?.stderr ?? host.stderr,
    stdout: github?.stdout ?? host.stdout,
    seesDifferences: readsEvents || github !== undefined,
    writes: github?.writes ?? [],
    tell,
    redraw: () => display?.redraw(),
    async finish(exitCode: number) {
      tell({ kind: "finished", exitCode });
      display?.close();
      return await github?.close() ?? [];
    },
  });
}

async function openForGithub(host: Host, command: Intent | undefined, audience: Audience): Promise<GithubView> {
  const { openGithubView } = await import("../report/github/open_github_view.ts");
  return openGithubView({ ...host, command, commandLine: (name) => audience.commandLine(name) });
}

async function openDisplay(
  host: Host,
  command: Intent | undefined,
  { output, color }: Reporting,
): Promise<LiveDisplay | undefined> {
  const { stderr, env, clock, terminalSize } = host;
  // The lines of NDJSON, or what `| jq` makes of them, would end up in the middle of it, and be taken for a part of it.
  if (command === undefined || output === "json" || !canShowLive(stderr, env)) return undefined;
  const { openLiveDisplay } = await import("../report/live/live_display.ts");
  return openLiveDisplay({ stderr, size: terminalSize, clock, color: color ?? !env.get("NO_COLOR") });
}
