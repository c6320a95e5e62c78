import { shortName } from "../../model/arn.ts";
import { subjectName } from "../../model/service.ts";
import type { Clock } from "../../host.ts";
import type { RunEvent, RunNotice } from "../../rollout/events.ts";
import type { Intent, Plan } from "../../rollout/plan/plan.ts";
import { renderStage } from "../progress_text.ts";
import { describeEvent, isError } from "../event_text.ts";
import { formatDuration, type Line } from "../log.ts";
import { describePlanNotice } from "../messages/notice_text.ts";
import { NOUNS, renderSteps } from "../plan_text.ts";
import { EMPTY_STATE, type Printer, type RunState } from "../state.ts";
import { describeRunNotice } from "../run_notice_text.ts";
import { type EndedRun, renderError } from "./ended_run.ts";
import { Excerpt } from "./excerpt.ts";
import type { StepLog } from "./step_log.ts";

const SAID = { first: 10, last: 20, lineLength: 2_000 };
const TIMELINE = { first: 30, last: 70, lineLength: 300 };

/** Writes groups and annotations while a run goes on, and remembers the lines that the summary shows. */
export class GithubPrinter implements Printer {
  readonly #said = new Excerpt(SAID);
  readonly #timeline = new Excerpt(TIMELINE);
  #state: RunState = EMPTY_STATE;
  #startedAtMs: number | undefined;
  #endedAtMs = 0;
  #isCarriedOut = false;
  /** Whether warnings, too, are about how the run has ended. */
  #isAtEnd = false;

  /**
   * @param command `undefined`: one of which nothing but errors is shown
   * @param folder the working directory, where it is known
   */
  constructor(
    private readonly log: StepLog,
    private readonly command: Intent | undefined,
    private readonly folder: string | undefined,
    private readonly clock: Pick<Clock, "elapsed">,
  ) {}

  print(event: RunEvent, state: RunState): void {
    const atMs = this.clock.elapsed();
    this.#startedAtMs ??= atMs;
    this.#state = state;
    this.#show(event);
    for (const line of describeEvent(event, state)) this.#keep(line, atMs - this.#startedAtMs);
    if (event.kind !== "finished") return;
    this.#endedAtMs = atMs;
    this.#finish(event.exitCode);
  }

  /** All of it, once it has ended; `undefined` for commands of which nothing but errors is shown. */
  end(): EndedRun | undefined {
    return this.command === undefined || this.#state.exitCode === undefined ? undefined : this.#endedRun();
  }

  /** What stands in the step's log besides the lines. */
  #show(event: RunEvent): void {
    switch (event.kind) {
      case "planned":
        this.#isAtEnd = false;
        return this.#showPlan(event.plan);
      case "stepStarted":
        this.#isCarriedOut = true;
        this.log.endGroup();
        if (event.step.kind !== "awaitDeployment") return;
        return this.log.startGroup(`Wait until ${subjectName(event.service)} is ${this.#until()}`, []);
      case "notice":
        return this.#warn(event.notice, event.service);
      case "progress":
        return this.#warnOfHooks(event.progress.serviceDeployment);
      case "alreadyEnded":
      case "detached":
      case "rolloutEnded":
        this.#isCarriedOut = true;
        this.#isAtEnd = true;
        return this.log.endGroup();
      case "rollbackDecided":
      case "refused":
      case "failed":
        return this.log.endGroup();
    }
  }

  #showPlan(plan: Plan): void {
    this.log.endGroup();
    for (const notice of plan.notices) this.log.warn([describePlanNotice(notice)]);
    // The plan of a dry run is the command's result, and stands on stdout.
    const isDryRun = this.#state.services.some((service) => service.isDryRun);
    if (isDryRun || plan.intent === "wait" || plan.steps.length === 0) return;
    const names = [plan.from, plan.to].map((revision) => revision === undefined ? "(new)" : shortName(revision));
    const title = `Plan of the ${NOUNS[plan.intent]} of ${subjectName(plan.subject)}: ${names.join(" -> ")}`;
    this.log.startGroup(title, renderSteps(plan, 0));
  }

  #until(): string {
    const [service] = this.#state.services;
    return (service?.rollback ?? service?.main)?.plan.until ?? "stable";
  }

  #warn(notice: RunNotice, ref: Parameters<typeof describeRunNotice>[1]): void {
    this.#isCarriedOut = true;
    if (!isError(notice)) this.log.warn([describeRunNotice(notice, ref)]);
  }

  /** Nothing goes on until somebody answers, who does not see into the folded group. */
  #warnOfHooks(followed: Parameters<typeof renderStage>[0] | undefined): void {
    if (followed === undefined || followed.awaitingHooks.length === 0) return;
    this.log.warn(renderStage(followed).filter(([level]) => level === "warn").map(([, message]) => message));
  }

  #keep([level, message]: Line, sinceStartMs: number): void {
    if (level === "debug") return;
    if (this.#isCarriedOut) {
      const mark = level === "info" ? "" : `[${level}] `;
      this.#timeline.add(`${formatOffset(sinceStartMs).padStart(8)}  ${mark}${message}`);
    }
    const isBeforePlan = this.#state.services.every(({ main }) => main === undefined);
    if (level === "error" || (level === "warn" && this.#isAtEnd)) this.#said.add(message);
    else if (level === "warn" && isBeforePlan) this.log.warn([message]);
  }

  #finish(exitCode: number): void {
    this.log.endGroup();
    this.log.endWarnings();
    // Of other commands only what they say of themselves is an error: that a diff has found differences is none.
    const hasFailed = exitCode !== 0 && (this.command !== undefined || this.#said.lines().length > 0);
    if (hasFailed) this.log.command(renderError(this.#endedRun(), this.folder));
  }

  #endedRun(): EndedRun {
    return {
      state: this.#state,
      service: this.#state.services[0],
      command: this.command,
      said: this.#said.lines(),
      warnings: this.log.warnings(),
      timeline: this.#timeline.lines(),
      tookMs: this.#endedAtMs - (this.#startedAtMs ?? this.#endedAtMs),
    };
  }
}

function formatOffset(ms: number): string {
  return ms < 1_000 ? "+0s" : `+${formatDuration(ms)}`;
}
