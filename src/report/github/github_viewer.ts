import { shortName } from "../../model/arn.ts";
import { subjectName } from "../../model/service.ts";
import type { Clock } from "../../host.ts";
import type { RolloutEvent } from "../../rollout/events.ts";
import type { Intent, Plan } from "../../rollout/plan/plan.ts";
import { renderStage } from "../deployment_text.ts";
import { formatDuration } from "../format_duration.ts";
import type { Level } from "../log.ts";
import { describeRefusal } from "../messages/refusal_text.ts";
import { NOUNS, renderSteps } from "../plan_text.ts";
import type { RunEvent, Viewer } from "../run_event.ts";
import { addToRecord, EMPTY_RECORD, type RunRecord } from "../run_record.ts";
import type { EndedRun } from "./ended_run.ts";
import { Excerpt } from "./excerpt.ts";
import { renderError } from "./render_error.ts";
import type { StepLog } from "./step_log.ts";

const SAID = { first: 10, last: 20, lineLength: 2_000 };
const TIMELINE = { first: 30, last: 70, lineLength: 300 };

/** Writes groups and annotations while it sees a run, and remembers what the summary is made of. */
export class GithubViewer implements Viewer {
  readonly #log: StepLog;
  readonly #command: Intent | undefined;
  readonly #folder: string | undefined;
  readonly #said = new Excerpt(SAID);
  readonly #timeline = new Excerpt(TIMELINE);
  #record: RunRecord = EMPTY_RECORD;
  #startedAtMs: number | undefined;
  #endedAtMs = 0;
  #takesBack = false;
  #leftGoing: EndedRun["leftGoing"];
  #isCarriedOut = false;
  /** Whether warnings, too, are about how it has ended. */
  #isAtEnd = false;

  /** @param folder the working directory, where it is known */
  constructor(
    log: StepLog,
    command: Intent | undefined,
    folder: string | undefined,
    private readonly clock: Pick<Clock, "elapsed">,
  ) {
    this.#log = log;
    this.#command = command;
    this.#folder = folder;
  }

  see(event: RunEvent): void {
    const atMs = this.clock.elapsed();
    this.#startedAtMs ??= atMs;
    this.#record = addToRecord(this.#record, event);
    switch (event.kind) {
      case "started":
      case "compared":
      case "readBack":
        return;
      case "planned":
        this.#isAtEnd = false;
        return this.#showPlan(event.plan);
      case "takingBack":
        this.#takesBack = true;
        return this.#log.endGroup();
      case "rollout":
        this.#isCarriedOut = true;
        return this.#showRollout(event.event, event.plan);
      case "hadEnded":
        this.#isCarriedOut = true;
        this.#isAtEnd = true;
        return;
      case "logged":
        return this.#hear(event.level, event.message, atMs - this.#startedAtMs);
      case "refused":
      case "failed":
        return this.#log.endGroup();
      case "finished":
        this.#endedAtMs = atMs;
        return this.#finish(event.exitCode);
    }
  }

  /** All of it, once it has ended; `undefined` for commands of which nothing is told but errors. */
  end(): EndedRun | undefined {
    return this.#command === undefined || this.#record.exitCode === undefined ? undefined : this.#endedRun();
  }

  #showPlan(plan: Plan): void {
    this.#log.endGroup();
    for (const notice of plan.notices) this.#log.warn([notice]);
    // The plan of a dry run is the command's result, and stands on stdout.
    if (this.#record.isDryRun || plan.intent === "wait" || plan.steps.length === 0) return;
    const names = [plan.from, plan.to].map((revision) => revision === undefined ? "(new)" : shortName(revision));
    const title = `Plan of the ${NOUNS[plan.intent]} of ${subjectName(plan.subject)}: ${names.join(" -> ")}`;
    this.#log.startGroup(title, renderSteps(plan, 0));
  }

  #showRollout(event: RolloutEvent, plan: Plan): void {
    switch (event.kind) {
      case "stepStarted":
        this.#log.endGroup();
        if (event.step.kind !== "awaitDeployment") return;
        return this.#log.startGroup(`Wait until ${subjectName(plan.subject)} is ${plan.until}`, []);
      case "notice":
        return this.#log.warn([event.message]);
      case "progress":
        return this.#warnOfHooks(event.progress.serviceDeployment);
      case "leftGoing":
        this.#leftGoing = event.ordered;
        this.#isAtEnd = true;
        return this.#log.endGroup();
      case "finished":
        this.#isAtEnd = true;
        return this.#log.endGroup();
      default:
        return;
    }
  }

  /** Nothing goes on until somebody answers, who does not see into the folded group. */
  #warnOfHooks(followed: Parameters<typeof renderStage>[0] | undefined): void {
    if (followed === undefined || followed.awaitingHooks.length === 0) return;
    this.#log.warn(renderStage(followed).filter(([level]) => level === "warn").map(([, message]) => message));
  }

  #hear(level: Level, message: string, sinceStartMs: number): void {
    if (level === "debug") return;
    if (this.#isCarriedOut) {
      const mark = level === "info" ? "" : `[${level}] `;
      this.#timeline.add(`${formatOffset(sinceStartMs).padStart(8)}  ${mark}${message}`);
    }
    const isBeforePlan = this.#record.main === undefined;
    if (level === "error" || (level === "warn" && this.#isAtEnd)) this.#said.add(message);
    else if (level === "warn" && isBeforePlan) this.#log.warn([message]);
  }

  #finish(exitCode: number): void {
    this.#log.endGroup();
    this.#log.endWarnings();
    const { failure, refusal } = this.#record;
    for (const untold of [failure, refusal && describeRefusal(refusal)]) {
      // What has no log yet is written to stderr without it.
      if (untold === undefined || this.#said.lines().some((line) => line.includes(untold.message))) continue;
      for (const line of [untold.message, ...untold.advice]) this.#said.add(line);
    }
    // Of other commands only what they say of themselves is an error: that a diff has found differences is none.
    const hasFailed = exitCode !== 0 && (this.#command !== undefined || this.#said.lines().length > 0);
    if (hasFailed) this.#log.command(renderError(this.#endedRun(), this.#folder));
  }

  #endedRun(): EndedRun {
    return {
      record: this.#record,
      command: this.#command,
      takesBack: this.#takesBack,
      leftGoing: this.#leftGoing,
      said: this.#said.lines(),
      warnings: this.#log.warnings(),
      timeline: this.#timeline.lines(),
      tookMs: this.#endedAtMs - (this.#startedAtMs ?? this.#endedAtMs),
    };
  }
}

function formatOffset(ms: number): string {
  return ms < 1_000 ? "+0s" : `+${formatDuration(ms)}`;
}
