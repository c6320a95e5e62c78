import type { TypedOption } from "../../model/service.ts";
import { writeOption } from "../../model/typed_commands.ts";
import type { RunState } from "../state.ts";

/** The options that say which services are meant, and how they are reached: a command on others of them has its own. */
const NAMING: ReadonlySet<string> = new Set([
  ...["--config", "--service", "--cluster", "--region", "--service-tag", "--fleet", "--max-services"],
  ...["--envfile", "--assume-role-arn", "--plan", "--plan-out"],
]);

/** What else those that are left are not to have: how long it may take, and what was true when it was typed. */
const OF_THEN: ReadonlySet<string> = new Set(["--dry-run", "--timeout", "--if-deployed-within"]);

/** What of it says how others of the services are dealt with. */
export function typedForOthers(typed: readonly TypedOption[]): TypedOption[] {
  return typed.filter(([name]) => !NAMING.has(name) && !OF_THEN.has(name));
}

/**
 * All that was typed, but for what made it a dry run or kept its plan.
 *
 * @param timeout an option in place of the one that was typed
 */
export function wholeCommand({ services: [first], all }: RunState, timeout?: readonly TypedOption[]): string {
  if (first === undefined || all === undefined) return "";
  const left = ["--dry-run", "--plan-out", ...(timeout === undefined ? [] : ["--timeout"])];
  const options = [...all.typed.filter(([name]) => !left.includes(name)), ...timeout ?? []];
  return ["ecspresso", first.command, ...options.map(writeOption)].join(" ");
}

/** Whether one of these options was typed. */
export function isTyped({ all }: RunState, ...names: readonly string[]): boolean {
  return all?.typed.some(([name]) => names.includes(name)) ?? false;
}
