import type { RolloutEvent } from "../../../../src/rollout/events.ts";
import type { Intent, Plan } from "../../../../src/rollout/plan/plan.ts";
import { renderEvent } from "../../../../src/report/event_text.ts";
import { type CommandOutput, openCommandOutput } from "../../../../src/report/github/open_command_output.ts";
import { openGithubView } from "../../../../src/report/github/open_github_view.ts";
import { formatLogLine, type Level } from "../../../../src/report/log.ts";
import type { RunEvent } from "../../../../src/report/run_event.ts";
import { madeUpHost } from "../../../made_up_host.ts";
import { VirtualClock } from "../../../virtual_clock.ts";
import { REF, revision } from "../../made_up.ts";

/** A run that a test tells by hand, as the command line's side would: it logs, and shows GitHub's view each event. */
export interface ShownRun {
  /** What happens from now on happens so many seconds later. */
  wait(seconds: number): void;
  see(event: RunEvent): void;
  log(level: Level, message: string): void;
  /** Sees an event of a rollout, and logs it. */
  rollout(event: RolloutEvent, plan: Plan, takesBack?: boolean): void;
  /** Ends the run. Answers with what was written. */
  finish(exitCode: number): Promise<Shown>;
}

export interface Shown {
  readonly stderr: string;
  readonly summary: string;
  readonly outputs: string;
  readonly problems: readonly string[];
}

export interface ShownRunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly unwritable?: readonly string[];
}

const ENV = { GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };

export function showRun(command: Intent | undefined, { env = ENV, unwritable = [] }: ShownRunOptions = {}): ShownRun {
  const clock = new VirtualClock(Date.UTC(2023, 0, 1, 12));
  const { host, written, files } = madeUpHost({ args: [], clock, env, unwritable, exit: () => {} });
  const commandLine = (name: string) => `ecspresso ${name} --config c.yml`;
  const { viewer, stderr, close } = openGithubView({ ...host, command, commandLine });
  const see = (event: RunEvent) => viewer.see(event, clock.now());
  const log = (level: Level, message: string) => {
    // In the form of the log, but for the time, which would depend on where the test runs.
    const line = formatLogLine({ atMs: clock.now(), level, subject: "myservice/default", message }, false);
    stderr.write(`${line.slice(line.indexOf("["))}\n`);
    see({ kind: "logged", level, message });
  };
  const commands = {
    wait: commandLine("wait"),
    status: commandLine("status"),
    "rollback --revision previous": commandLine("rollback --revision previous"),
    "revisions --output table": commandLine("revisions --output table"),
  };
  return {
    wait: (seconds) => clock.advance(seconds * 1_000),
    see,
    log,
    rollout(event, plan, takesBack = false) {
      see({ kind: "rollout", event, plan, takesBack });
      // Its deploys are those of `--rollback-events`.
      const mayBeTakenBack = plan.intent === "deploy";
      const wording = { plan, takesBack, mayBeTakenBack, timeoutMs: 600_000, commands };
      for (const [level, message] of renderEvent(event, wording)) log(level, message);
    },
    async finish(exitCode) {
      see({ kind: "finished", exitCode });
      const problems = await close();
      const text = (path: string) => files.get(path) ?? "";
      return { stderr: written.stderr, summary: text("summary.md"), outputs: text("outputs"), problems };
    },
  };
}

/** A rollback of `myservice` from 4 to 3, of which a test changes what it is about. */
export function plan(changes: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    intent: "rollback",
    subject: REF,
    from: revision(4),
    to: revision(3),
    reason: undefined,
    changes: [{ scope: "container app", attribute: "image", kind: "changed", from: "app:4", to: "app:3" }],
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
export function recordedOutput(): { readonly output: CommandOutput; written(): string } {
  let text = "";
  const target = { isTerminal: false, failure: undefined, write: (more: string) => void (text += more) };
  return { output: openCommandOutput(target), written: () => text };
}
