import type { Decision, Key } from "../model/ports.ts";
import type { Demand } from "./find_demands.ts";
import type { AddressNeeds } from "./find_task_addresses.ts";
import { type Finding, MISSING, THERE } from "./judge_references.ts";
import type { Verified } from "./verified.ts";

// What came of looking deeper. Pure.

/** What no policy of the role allows may still be allowed by one of the resource, which the simulation does not look at. */
export function judgeDecision(
  found: Decision | undefined,
  { mayBeGrantedThere }: Pick<Demand, "mayBeGrantedThere">,
): Finding {
  if (found === undefined) return { state: "unknown", reason: { code: "notSimulated" } };
  const { decision, missingContext } = found;
  if (decision === "allowed") return THERE;
  if (missingContext.length > 0) {
    return { state: "unknown", reason: { code: "dependsOnConditions", keys: missingContext } };
  }
  if (decision === "explicitDeny") return { state: "missing", reason: { code: "deniedByPolicy" } };
  return mayBeGrantedThere ? { state: "unknown", reason: { code: "notOfRole" } } : MISSING;
}

/** The states in which a key decrypts nothing: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const UNUSABLE = new Set(["Disabled", "PendingDeletion", "PendingImport", "PendingReplicaDeletion", "Unavailable"]);

export function judgeKeyState(key: Pick<Key, "state"> | undefined): Finding {
  if (key === undefined) return MISSING;
  const { state } = key;
  if (state === "Enabled" || state === "Updating") return THERE;
  return { state: UNUSABLE.has(state) ? "unfit" : "unknown", reason: { code: "keyState", state } };
}

/**
 * @param found the free addresses of the subnets that are there; `undefined` where they are as good as endless, by IPv6
 */
export function judgeAddresses(
  { subnets, tasks }: AddressNeeds,
  found: ReadonlyMap<string, number | undefined>,
): Verified[] {
  const each = subnets.map((name): Verified => {
    const reference = { kind: "subnet", name } as const;
    if (!found.has(name)) return { reference, ...MISSING };
    const free = found.get(name);
    return { reference, state: "there", reason: free === undefined ? undefined : { code: "freeAddresses", free } };
  });
  const free = [...found.values()].reduce((sum: number, one = Infinity) => sum + one, 0);
  if (found.size === 0 || free >= tasks) return each;
  const reference = { kind: "subnets", name: subnets.join(" ") } as const;
  return [...each, { reference, state: "unfit", reason: { code: "fewAddresses", free, tasks } }];
}
