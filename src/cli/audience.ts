import type { Host, Output } from "../host.ts";
import type { Intent } from "../rollout/plan.ts";
import type { RunEvent, Viewer } from "../ui/run_event.ts";
import type { Peeked } from "./peek_arguments.ts";

/** Whoever is shown a run besides the reader of the plain log. */
export interface Audience {
  /** What the log and everything else for people is written to: some viewers share it. */
  readonly stderr: Output;
  /** What results are written to. */
  readonly stdout: Output;
  /** What to type for another command on the same service: better known once the options are. */
  commandLine: (command: string) => string;
  tell(event: RunEvent): void;
  /**
   * Tells how the program ends, and waits until everybody has written down what they made of the run. Answers with what
   * went wrong with that, a line each.
   */
  finish(exitCode: number): Promise<string[]>;
}

/** The commands that have a run to show. */
const SHOWN: readonly Intent[] = ["rollback", "deploy", "wait"];

/** Finds out from the command line and the environment who is to be shown the run. Loads only those. */
export async function gatherAudience(host: Host, peeked: Peeked): Promise<Audience> {
  const viewers: Viewer[] = [];
  const command = SHOWN.find((name) => name === peeked.command);
  if (command !== undefined && peeked.output === "json") {
    const { createJsonView } = await import("../ui/event_json.ts");
    viewers.push(createJsonView((line) => host.stdout.write(line)));
  }
  const github = peeked.isForGithub ? await openForGithub(command) : undefined;
  if (github !== undefined) viewers.push(github.viewer);
  const tell = (event: RunEvent) => {
    const atMs = host.clock.now();
    for (const viewer of viewers) viewer.see(event, atMs);
  };
  const audience: Audience = {
    stderr: github?.stderr ?? host.stderr,
    stdout: github?.stdout ?? host.stdout,
    commandLine: (name) => `ecspresso ${name}`,
    tell,
    async finish(exitCode) {
      tell({ kind: "finished", exitCode });
      return await github?.close() ?? [];
    },
  };
  return audience;

  async function openForGithub(command: Intent | undefined) {
    const { openGithubView } = await import("../ui/github/open_github_view.ts");
    return openGithubView({ ...host, command, commandLine: (name) => audience.commandLine(name) });
  }
}
