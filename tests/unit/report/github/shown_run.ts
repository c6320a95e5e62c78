import type { PrintedEvent } from "../../../../src/report/printer.ts";
import type { ServiceRef } from "../../../../src/model/service.ts";
import type { Level } from "../../../../src/report/messages/log.ts";
import type { RolloutEvent } from "../../../../src/rollout/events.ts";
import type { Intent } from "../../../../src/rollout/plan/refusal.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import { openCommandOutput } from "../../../../src/report/github/step_log.ts";
import { GithubView } from "../../../../src/report/github/github_view.ts";
import { EMPTY_STATE } from "../../../../src/report/state.ts";
import { exitCodeOfRun } from "../../../../src/report/ending.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { RunLog } from "../../../../src/report/printers/run_log.ts";
import { createTextPrinter } from "../../../../src/report/printers/text.ts";
import { madeUpHost } from "../../../made_up_host.ts";
import { VirtualClock } from "../../../virtual_clock.ts";
import { REF as NAMED, revision } from "../../made_up.ts";

/** `myservice`, by a config of its own. */
export const REF: ServiceRef = { ...NAMED, options: [["--config", "c.yml"]] };

/** A run that a test makes up event by event, for GitHub's printer and for the log beside it. */
export interface ShownRun {
  /** By what has happened so far. */
  exitCode(): number;
  /** What happens from now on happens so many seconds later. */
  wait(seconds: number): void;
  emit(event: PrintedEvent): void;
  log(level: Level, message: string): void;
  /** An event of `myservice`. */
  happen(event: RolloutEvent): void;
  /** Ends the run. Returns what was written. */
  finish(exitCode: number): Promise<Shown>;
}

export interface Shown {
  readonly stderr: string;
  readonly summary: string;
  readonly outputs: string;
  readonly problems: readonly string[];
}

interface ShownRunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly unwritable?: readonly string[];
}

const ENV = { GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };

export function showRun(command: Intent | undefined, { env = ENV, unwritable = [] }: ShownRunOptions = {}): ShownRun {
  const clock = new VirtualClock(Date.UTC(2023, 0, 1, 12));
  const { host, written, files } = madeUpHost({ args: [], clock, env, unwritable, exit: () => {} });
  const view = new GithubView({ ...host, command });
  // In the form of the log, but for the time, which would depend on where the test runs.
  const output = { write: (text: string) => view.stderr.write(text.replaceAll(/^[\d/]+ [\d:]+ /gm, "")) };
  const log = createTextPrinter(() => ({
    ...{ format: "text", subject: "myservice/default", isOfMany: false, debug: true, verbose: false, color: false },
    ...{ output, columns: 0, wrap: (line) => [line] },
  }));
  const lines = new RunLog();
  let state = EMPTY_STATE;
  const emit = (event: PrintedEvent) => {
    state = reduce(state, event, clock.elapsed());
    const said = lines.describe(event, state, false);
    view.print(event, state, clock.now(), said);
    // What ends the command line's parser has printed.
    if (event.kind !== "failed") log.print(event, state, clock.now(), said);
  };
  return {
    wait: (seconds) => clock.advance(seconds * 1_000),
    emit,
    log: (level, message) => emit({ kind: "logged", level, message }),
    happen: (event) => emit({ ...event, service: REF }),
    exitCode: () => exitCodeOfRun(state),
    async finish(exitCode) {
      emit({ kind: "finished", exitCode });
      const problems = await view.close();
      const text = (path: string) => files.get(path) ?? "";
      return { stderr: written.stderr, summary: text("summary.md"), outputs: text("outputs"), problems };
    },
  };
}

/** A rollback of `myservice` from 4 to 3, of which a test changes what it is about. */
export function plan(changes: Partial<Plan> = {}): Plan {
  return {
    intent: "rollback",
    subject: REF,
    from: revision(4),
    to: revision(3),
    reason: undefined,
    changes: [{ scope: { container: "app" }, attribute: "image", kind: "changed", from: "app:4", to: "app:3" }],
    steps: [
      { kind: "updateService", taskDefinition: revision(3) },
      { kind: "awaitDeployment", taskDefinition: revision(3), follows: undefined },
    ],
    until: "stable",
    isReached: false,
    notices: [],
    basedOn: "ecs-svc/4",
    ...changes,
  };
}

/** An output for the runner to read, with what has been written to it. */
export function recordedOutput() {
  let text = "";
  const target = { isTerminal: false, failure: undefined, write: (more: string) => void (text += more) };
  return { output: openCommandOutput(target), written: () => text };
}
