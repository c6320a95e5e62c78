// Alarms of Amazon CloudWatch.

export interface AlarmsPort {
  readAlarmStates(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** How the state of an alarm has changed since a moment, oldest first. CloudWatch keeps that for 30 days. */
  readAlarmChanges(name: string, sinceMs: number, signal: AbortSignal): Promise<readonly AlarmChange[]>;
}

/** A change of an alarm's state. `from`: the state before it, where AWS says it. */
export interface AlarmChange {
  readonly atMs: number;
  readonly from: string | undefined;
}
