import type { Host, Output } from "../host.ts";
import type { RunEvent, Viewer } from "../ui/run_event.ts";
import type { Peeked } from "./peek_arguments.ts";

/** Whoever is shown a run besides the reader of the plain log. */
export interface Audience {
  /** What the log and everything else for people is written to: some viewers share it. */
  readonly stderr: Output;
  tell(event: RunEvent): void;
  /**
   * Tells how the program ends, and waits until everybody has written down what they made of the run. Answers with what
   * went wrong with that, a line each.
   */
  finish(exitCode: number): Promise<string[]>;
}

/** The commands that have a run to show. */
const SHOWN = new Set<string | undefined>(["rollback", "deploy", "wait"]);

/** Finds out from the command line and the environment who is to be shown the run. Loads only those. */
export async function gatherAudience(host: Host, peeked: Peeked): Promise<Audience> {
  const viewers: Viewer[] = [];
  if (SHOWN.has(peeked.command) && peeked.output === "json") {
    const { createJsonView } = await import("../ui/event_json.ts");
    viewers.push(createJsonView((line) => host.stdout.write(line)));
  }
  const tell = (event: RunEvent) => {
    const atMs = host.clock.now();
    for (const viewer of viewers) viewer.see(event, atMs);
  };
  return {
    stderr: host.stderr,
    tell,
    finish: (exitCode) => {
      tell({ kind: "finished", exitCode });
      return Promise.resolve([]);
    },
  };
}
