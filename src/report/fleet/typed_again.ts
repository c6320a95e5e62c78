import type { TypedOption } from "../../model/service.ts";
import { writeOption } from "../messages/typed_commands.ts";
import type { RunState } from "../state.ts";

/** Options that say which services are meant and how to reach them; a command for some of them has its own. */
const NAMING: ReadonlySet<string> = new Set([
  ...["--config", "--service", "--cluster", "--region", "--service-tag", "--fleet", "--max-services"],
  ...["--envfile", "--assume-role-arn", "--plan", "--plan-out"],
]);

/** Options that a command for the rest must not repeat: a time limit, and what was true only when they were typed. */
const TYPED_FOR_ONCE: ReadonlySet<string> = new Set(["--dry-run", "--timeout", "--if-deployed-within"]);

/** The typed options that also apply to a command for some of the services. */
export function optionsForRest(typed: readonly TypedOption[]): TypedOption[] {
  return typed.filter(([name]) => !NAMING.has(name) && !TYPED_FOR_ONCE.has(name));
}

/**
 * The whole command as it was typed, without the options for a dry run or a plan file.
 *
 * @param timeout an option that replaces the one that was typed
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

/** The typed command, with more options. */
export function commandWith(state: RunState, ...options: string[]): string {
  return [wholeCommand(state), ...options.filter((option) => !isTyped(state, option))].join(" ");
}

/** The typed command for some of the services, without their names, and with another option. */
export function typedForSome({ services: [first], all }: RunState, option: string): string {
  const typed = optionsForRest(all?.typed ?? []).filter(([name]) => name !== "--skip-refused");
  return [first!.command, ...typed.map(writeOption), option].join(" ");
}
