import { findUnrestored } from "../definitions/compare_definitions.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { awsCli } from "../model/aws_cli.ts";
import { AwsError } from "../errors.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { Deployed } from "../rollout/plan/plan_deploy.ts";
import { readWholeService } from "../rollout/read/read_whole_service.ts";
import type { PlanPorts } from "./carry_out.ts";
import type { Session } from "./session.ts";
import { quoteArgument } from "../model/quote_argument.ts";

/** What was read of the service after the way back. */
export interface ReadBack {
  /** The members that are not as they were before the deploy. */
  readonly unrestored: readonly string[];
  /** The members of which that is not known, and why. */
  readonly unknown: readonly string[];
  readonly reason: string | undefined;
}

const READ_WITHIN_MS = 10_000;
/** Reads lag behind writes: what is not back at the first look may be at the next. */
const MOST_LOOKS = 3;
const LOOK_EVERY_MS = 2_000;

/** Reads the service once more and compares what the deploy had changed with what was there before it. */
export async function readBack(
  deployed: Deployed,
  plan: Plan,
  { ecs }: PlanPorts,
  { ref, host: { clock }, limits }: Session,
): Promise<ReadBack> {
  // The number of tasks is taken back only where nobody else has set it since.
  const names = deployed.changed.filter((name) => name !== "desiredCount" || restoresCount(plan));
  if (names.length === 0) return { unrestored: [], unknown: [], reason: undefined };
  const signal = AbortSignal.any([limits.stop, clock.deadline(READ_WITHIN_MS)]);
  const wanted = Object.fromEntries(names.map((name) => [name, true]));
  try {
    for (let looks = 1;; looks++) {
      const whole = await readWholeService(ref, wanted, ecs, signal);
      const { members = {}, unread = [], denied } = whole ?? {};
      const isUnknown = (name: string) => unread.includes(name) || isNeverShown(name, deployed, members);
      const unknown = names.filter(isUnknown);
      const known = names.filter((name) => !isUnknown(name));
      const unrestored = findUnrestored(deployed.was, members, known);
      if (unrestored.length === 0 || looks === MOST_LOOKS) return { unrestored, unknown, reason: denied?.message };
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { unrestored: [], unknown: names, reason: error.message };
  }
}

/** ECS may have what it does not answer; nothing was sent that brings it back. */
function isNeverShown(name: string, { before, was }: Deployed, now: JsonObject): boolean {
  return before[name] === undefined && was[name] === undefined && now[name] === undefined;
}

function restoresCount({ steps }: Plan): boolean {
  return steps.some((step) =>
    step.kind === "updateService" && step.attributes?.desiredCount !== undefined ||
    step.kind === "stopDeployment" && step.otherwise.attributes?.desiredCount !== undefined
  );
}

/** A line for each member that did not come back: the command that brings it back, or why there is none. */
export function adviseOnUnrestored(
  names: readonly string[],
  { before }: Deployed,
  { ref }: Session,
): string[] {
  return names.map((name) => {
    const value = before[name];
    return value === undefined
      ? `${name} was not there before, and no update removes it: change it by hand`
      : `to restore it: ${awsCli(ref)} ecs update-service --cluster ${quoteArgument(ref.cluster)} --service ${
        quoteArgument(ref.service)
      } ${optionOf(name, value)}`;
  });
}

/** The AWS CLI names its options after the members of the API. */
function optionOf(name: string, value: Json): string {
  const option = name.replaceAll(/([a-z])ECS(?=[A-Z])/g, "$1-ecs").replaceAll(
    /[A-Z]/g,
    (letter) => `-${letter.toLowerCase()}`,
  );
  if (typeof value === "boolean") return value ? `--${option}` : `--no-${option}`;
  const text = typeof value === "object" ? JSON.stringify(value as JsonObject) : String(value);
  const forced = name === "capacityProviderStrategy" ? " --force-new-deployment" : "";
  return `--${option} ${quoteArgument(text)}${forced}`;
}
