import { findHold, formatHold, type Hold, HOLD_KEY } from "../../model/service_notes.ts";
import { objectsIn } from "../../model/json.ts";
import type { DescribedService, ServiceRef } from "../../model/service.ts";
import { refuse, type Refused } from "./refusal.ts";

/** What becomes of the tag that holds a service. `arn`: of the service. */
type PlannedHold =
  | Refused
  | Readonly<
    /** `replaces`: the hold that is there. */
    | { kind: "hold"; arn: string; tags: Readonly<Record<string, string>>; untilMs: number; replaces: Hold | undefined }
    | { kind: "release"; arn: string; keys: readonly string[] }
    | { kind: "notHeld" }
  >;

interface HoldOptions {
  /** For how long; `undefined`: a hold is to end. */
  readonly forMs: number | undefined;
  readonly by: string;
  readonly reason: string | undefined;
}

/** Decides how a service is held, or released: its tags can be written whatever deploys it. Pure. */
export function planHold(
  ref: ServiceRef,
  service: DescribedService | undefined,
  { forMs, by, reason }: HoldOptions,
  atMs: number,
): PlannedHold {
  if (service === undefined) return refuse("hold", ref, { code: "serviceMissing" });
  const { status, arn, raw } = service;
  if (status !== "ACTIVE") return refuse("hold", ref, { code: "serviceNotActive", status });
  if (forMs === undefined) {
    const isTagged = objectsIn(raw.tags).some(({ key }) => key === HOLD_KEY);
    return isTagged ? { kind: "release", arn, keys: [HOLD_KEY] } : { kind: "notHeld" };
  }
  const untilMs = atMs + forMs;
  const tags = { [HOLD_KEY]: formatHold({ untilMs, atMs, by, reason }) };
  return { kind: "hold", arn, tags, untilMs, replaces: findHold(raw, atMs) };
}
