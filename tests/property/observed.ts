import "../cheap_signatures.ts";
import "../settled_connections.ts";
import type { RunState } from "../../src/report/state.ts";
import type { RunEvent } from "../../src/rollout/events.ts";
import type { Call, Emulator, WorldState } from "../emulator/emulator.ts";
import type { JsonObject } from "../emulator/model.ts";
import type { Act, Script } from "./rollback_faults.ts";
import type { WorldSpec } from "./world_spec.ts";

/** What somebody else has done. */
export interface Acted {
  readonly act: Act;
  /** The number of the call, from 0, just before or after which it was done. */
  readonly call: number;
  readonly when: "before" | "after";
}

/** A call and the world when it was served: before it where it was a write, so that its rightness can be judged. */
export interface Served {
  readonly call: Call;
  /** The world just before the call, but after what somebody else did just before it. */
  readonly before: WorldState;
  /** The world just after the call, but before what somebody else did just after it. */
  readonly after: WorldState;
  readonly startedAtMs: number;
  /** How many events there had been. */
  readonly events: number;
  /** Revisions in use, as `family:revision`; known for deregistrations and for what is read before them. */
  readonly inUse: ReadonlySet<string> | undefined;
}

/** What every command that moves a service is asked for. */
export interface CommonOptions {
  readonly dryRun: boolean;
  readonly wait: boolean;
  readonly suspend: boolean;
  readonly resume: boolean;
  readonly timeoutS: number;
}

/** What is run, and on which files. */
export interface CommandRun {
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Whether a revision may be deregistered, so that it has to be known which ones are in use. */
  readonly usesMatter: boolean;
  /** Whether it may change what the service consists of. */
  readonly settingsMatter: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Brings the world to where the command finds it. */
  readonly prepare?: (emulator: Emulator) => void;
}

export interface Observed<Options extends CommonOptions = CommonOptions> {
  readonly world: WorldSpec;
  readonly script: Script;
  readonly options: Options;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly RunEvent[];
  /** When each of them happened, by `Clock.elapsed()`. */
  readonly eventsAtMs: readonly number[];
  /** What the program has made of the events. */
  readonly state: RunState;
  readonly calls: readonly Served[];
  readonly acts: readonly Acted[];
  readonly initial: WorldState;
  readonly final: WorldState;
  /** What the service consists of, where the command may change that; alike exactly where it is the same. */
  readonly settingsBefore: JsonObject;
  readonly settingsAfter: JsonObject;
  readonly elapsedMs: number;
  /** From the stop signal to the end; `undefined` when none was sent. */
  readonly stoppedForMs: number | undefined;
  /** The number of calls that had been answered when the stop signal came. */
  readonly stoppedAtCall: number | undefined;
}

/** What happened, for the message of a failure. */
export function describeRun({ code, stderr, stdout, calls, acts, elapsedMs }: Observed): string {
  const lines = calls.map(({ call, startedAtMs }, index) => {
    const others = acts.filter((one) => one.call === index).map(({ act, when }) =>
      ` [${when}: ${JSON.stringify(act)}]`
    );
    const applied = call.applied ? "" : " (not applied)";
    return `${index} ${startedAtMs % 1e7} ${call.operation} ${call.outcome}${applied}${others.join("")}`;
  });
  return [`exit ${code} after ${elapsedMs} ms`, ...lines.slice(-40), stdout, stderr].join("\n");
}
