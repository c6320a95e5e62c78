import { reasonOf } from "../../errors.ts";
import { describeReasonOf } from "../messages/machine_problem_text.ts";
import type { Host, Output } from "../../host.ts";
import { shortName } from "../../model/arn.ts";
import { subjectName } from "../../model/service.ts";
import type { ServiceDeployment } from "../../model/service_deployment.ts";
import type { Intent } from "../../rollout/plan/refusal.ts";
import type { Plan } from "../../rollout/plan/plan.ts";
import { endOf, nameOutcomeOfRun, ranBefore, targetOf } from "../ending.ts";
import { isError } from "../printers/event_text.ts";
import { type Line, onOneLine } from "../messages/log.ts";
import { mayBeKept } from "../messages/log_text.ts";
import { describePlanNotice } from "../messages/notice_text.ts";
import { renderFleetPlan } from "../fleet/plan_table.ts";
import { renderSteps } from "../plan_text.ts";
import { renderHooks } from "../progress_text.ts";
import { describeRunNotice } from "../messages/run_notice_text.ts";
import { isLogged } from "../printers/run_log.ts";
import { currentPlan, EMPTY_STATE, type RunState, serviceIn } from "../state.ts";
import { WORK } from "../messages/work_words.ts";
import type { PrintedEvent, Printer } from "../printer.ts";
import { type EndedRun, renderError, renderSummary } from "./ended_run.ts";
import { openCommandOutput, StepLog } from "./step_log.ts";
import { Excerpt } from "./texts.ts";
import { renderFleetErrors, renderFleetSummary } from "./fleet_summary.ts";
import { formatOffset, Timeline } from "./timeline.ts";

interface GithubViewOptions extends Pick<Host, "stdout" | "stderr" | "env" | "files" | "clock"> {
  /** The command as it was typed: if it fails before it starts, there is a summary, too. */
  readonly command: Intent | undefined;
}

const ERROR_LINES = { first: 10, last: 20, lineLength: 2_000 };
const LOG = { first: 30, last: 70, lineLength: 300 };

/**
 * Shows a run on GitHub Actions: groups and annotations in the step's log and, at the end, a job summary and the step's
 * outputs (if `GITHUB_STEP_SUMMARY` and `GITHUB_OUTPUT` name files for them).
 */
export class GithubView implements Printer {
  /** For the log and all other text for people: GitHub's runner takes none of it for a command. */
  readonly stderr: Output;
  /** For results: the runner looks for commands on stdout, too. */
  readonly stdout: Output;
  readonly #log: StepLog;
  readonly #options: GithubViewOptions;
  /** The working directory, if the step's shell sets `PWD`. */
  readonly #folder: string | undefined;
  readonly #summaryFile: string | undefined;
  readonly #outputFile: string | undefined;
  readonly #errorLines = new Excerpt(ERROR_LINES);
  readonly #otherErrorLines = new Excerpt(ERROR_LINES);
  readonly #kept = new Excerpt(LOG);
  readonly #timeline = new Timeline();
  #state: RunState = EMPTY_STATE;
  #startedAtMs: number | undefined;
  #endedAtMs = 0;
  #isCarriedOut = false;
  #hasErrors = false;

  constructor(options: GithubViewOptions) {
    const output = openCommandOutput(options.stderr);
    this.stderr = output.plain;
    this.stdout = openCommandOutput(options.stdout).plain;
    this.#log = new StepLog(output);
    this.#options = options;
    // Read before any envfile, which must not decide where these go.
    this.#folder = options.env.get("PWD");
    this.#summaryFile = options.env.get("GITHUB_STEP_SUMMARY");
    this.#outputFile = options.env.get("GITHUB_OUTPUT");
  }

  /** The files that `close` writes to. */
  get writes(): string[] {
    return [this.#summaryFile, this.#outputFile].flatMap((path) => path ? [path] : []);
  }

  /** Writes the job summary and the step's outputs after the run. Returns what failed, one line each; never rejects. */
  async close(): Promise<string[]> {
    if (this.#options.command === undefined || this.#state.exitCode === undefined) return [];
    const render = isOfMany(this.#state) ? renderFleetSummary : renderSummary;
    return [
      ...await this.#append("GITHUB_STEP_SUMMARY", this.#summaryFile, render(this.#endedRun())),
      ...await this.#append("GITHUB_OUTPUT", this.#outputFile, renderOutputs(this.#state)),
    ];
  }

  async #append(variable: string, path: string | undefined, text: string): Promise<string[]> {
    try {
      if (path) await this.#options.files.appendText(path, text);
      return [];
    } catch (error) {
      return [`cannot write to the file that ${variable} names: ${describeReasonOf(reasonOf(error))}`];
    }
  }

  print(event: PrintedEvent, state: RunState, _atMs: number, lines: readonly Line[]): void {
    const atMs = this.#options.clock.elapsed();
    this.#startedAtMs ??= atMs;
    this.#state = state;
    this.#show(event);
    this.#timeline.add(event, state, atMs - this.#startedAtMs);
    const isEnd = event.kind === "finished";
    const about = isOfMany(state) && "service" in event && event.service ? `${subjectName(event.service)}: ` : "";
    const isKept = event.kind !== "containerLog" || mayBeKept(event.log);
    for (const [level, text, , mark] of isKept ? lines.filter((line) => isLogged(line, false)) : []) {
      this.#keep([level, about + text, undefined, mark], isEnd, atMs - this.#startedAtMs);
    }
    if (!isEnd) return;
    this.#endedAtMs = atMs;
    this.#finish();
  }

  /** Writes groups and warnings into the step's log, beside its lines. */
  #show(event: PrintedEvent): void {
    switch (event.kind) {
      case "allPlanned":
        if (!event.isDryRun) {
          this.#log.startGroup(`Plan of ${this.#state.services.length} services`, renderFleetPlan(this.#state));
        }
        return;
      case "planned":
        return this.#showPlan(event.plan);
      case "stepStarted":
        this.#isCarriedOut = true;
        this.#log.endGroup();
        // Groups cannot be nested, and many services are waited for at the same time.
        if (event.step.kind === "awaitDeployment" && !isOfMany(this.#state)) {
          const until = currentPlan(serviceIn(this.#state, event.service))?.plan.until ?? "stable";
          this.#log.startGroup(`Wait until ${subjectName(event.service)} is ${until}`, []);
        }
        return;
      case "notice":
        this.#isCarriedOut = true;
        if (!isError(event.notice)) this.#log.warn([describeRunNotice(event.notice, event.service)]);
        return;
      case "progress":
        return this.#warnOfHooks(event.progress.serviceDeployment);
      case "alreadyEnded":
      case "detached":
      case "rolloutEnded":
        this.#isCarriedOut = true;
        return this.#log.endGroup();
      case "rollbackDecided":
      case "refused":
      case "failed":
        return this.#log.endGroup();
    }
  }

  #showPlan(plan: Plan): void {
    this.#log.endGroup();
    const about = isOfMany(this.#state) ? `${subjectName(plan.subject)}: ` : "";
    for (const notice of plan.notices) this.#log.warn([about + describePlanNotice(notice)]);
    // In a dry run, the plan is the command's result, which goes to stdout.
    const isDryRun = this.#state.services.some((service) => service.isDryRun);
    if (isOfMany(this.#state) || isDryRun || plan.intent === "wait" || plan.steps.length === 0) return;
    const names = [plan.from, plan.to].map((revision) => revision === undefined ? "(new)" : shortName(revision));
    const title = `Plan of the ${WORK[plan.intent].noun} of ${subjectName(plan.subject)}: ${names.join(" -> ")}`;
    this.#log.startGroup(title, renderSteps(plan, 0));
  }

  /** Warns of hooks that wait for an answer: in the folded group nobody would see them. */
  #warnOfHooks(followed: ServiceDeployment | undefined): void {
    if (followed === undefined || followed.awaitingHooks.length === 0) return;
    this.#log.warn(renderHooks(followed).map(([, message]) => message));
  }

  #keep([level, message, , mark]: Line, isEnd: boolean, sinceStartMs: number): void {
    if (level === "debug") return;
    if (this.#isCarriedOut) {
      const mark = level === "info" ? "" : `[${level}] `;
      this.#kept.add(`${`+${formatOffset(sinceStartMs)}`.padStart(8)}  ${mark}${message}`);
    }
    const isBeforePlan = this.#state.services.every(({ main }) => main === undefined);
    // The heading and the next steps say what went well, so info lines are not kept here.
    this.#hasErrors ||= level === "error";
    if (level === "error" || (isEnd && level !== "info")) {
      this.#errorLines.add(message);
      if (mark === undefined) this.#otherErrorLines.add(message);
    } else if (level === "warn" && isBeforePlan) {
      this.#log.warn([message]);
    }
  }

  #finish(): void {
    this.#log.endGroup();
    this.#log.endWarnings();
    // Other commands get an annotation only if they logged an error; the differences that `diff` finds are not one.
    const isSaid = this.#options.command !== undefined || this.#errorLines.lines().length > 0;
    if (!this.#hasErrors && (endOf(this.#state) === "ok" || !isSaid)) return;
    const errors = isOfMany(this.#state) ? renderFleetErrors(this.#state, this.#options.command) : [];
    const all = errors.length > 0 ? errors : [renderError(this.#endedRun(), this.#folder)];
    for (const error of all) this.#log.command(error);
  }

  #endedRun(): EndedRun {
    return {
      state: this.#state,
      command: this.#options.command,
      errorLines: this.#errorLines.lines(),
      otherErrorLines: this.#otherErrorLines.lines(),
      warnings: this.#log.warnings(),
      timeline: this.#timeline.lines(),
      log: this.#kept.lines(),
      tookMs: this.#endedAtMs - (this.#startedAtMs ?? this.#endedAtMs),
    };
  }
}

function isOfMany({ services }: RunState): boolean {
  return services.length > 1;
}

/** The worst verdict of all services; `undefined` if there was no bake. */
function verdictOf({ services }: RunState): string | undefined {
  const kinds = services.flatMap(({ bake }) => bake?.verdict?.kind ?? []);
  return (["didNotHelp", "cannotSay", "helped"] as const).find((kind) => kinds.includes(kind));
}

/** The step's outputs, as lines of `$GITHUB_OUTPUT`; `from` and `to` are empty if they are not known. */
function renderOutputs(state: RunState): string {
  // Several services have no revision in common.
  const main = isOfMany(state) ? undefined : state.services[0]?.main;
  const [from, to] = main === undefined ? [] : [ranBefore(main.plan), targetOf(main)];
  const helped = verdictOf(state);
  const outputs = {
    from: from && shortName(from),
    to: to && shortName(to),
    outcome: nameOutcomeOfRun(state),
    ...(helped !== undefined && { helped }),
  };
  return Object.entries(outputs).map(([name, value]) => `${name}=${onOneLine(value ?? "")}\n`).join("");
}
