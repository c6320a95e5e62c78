import { type Cause, type CauseCode, isOfPlatform } from "../diagnosis/cause.ts";
import { adviseOnCause, describeCause } from "./messages/cause_text.ts";

/** A cause in NDJSON. `kind` and `reason` are the members of version 1 of the events; `code` says more than `kind`. */
export function causeToJson(cause: Cause): Readonly<Record<string, unknown>> {
  const { code, container, exitCode, count, said, about, taskArn, atMs } = cause;
  return {
    code,
    kind: KINDS[code] ?? "other",
    container,
    exitCode,
    reason: said,
    count,
    message: describeCause(cause),
    advice: adviseOnCause(cause),
    isOfPlatform: isOfPlatform(cause),
    about,
    taskArn,
    at: atMs === undefined ? undefined : new Date(atMs).toISOString(),
  };
}

const KINDS: Readonly<Partial<Record<CauseCode, string>>> = {
  imageNotPulled: "imagePull",
  secretNotRead: "secret",
  resourceNotReady: "resourceInitialization",
  outOfMemory: "outOfMemory",
  exited: "exited",
  unhealthy: "healthCheck",
  noRoom: "placement",
};
