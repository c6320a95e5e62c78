import { type Cause, type CauseCode, isOfPlatform } from "../diagnosis/cause.ts";
import { isoTime } from "./log.ts";
import { adviseOnCause, describeCause } from "./messages/cause_text.ts";

/** A cause in NDJSON. `kind` and `reason` are the members of version 1 of the events; `code` says more than `kind`. */
export function causeToJson(cause: Cause): Readonly<Record<string, unknown>> {
  const { code, container, exitCode, count, said, about, taskArn, atMs } = cause;
  return {
    code,
    kind: kindOf(code),
    container,
    exitCode,
    reason: said,
    count,
    message: describeCause(cause),
    advice: adviseOnCause(cause),
    isOfPlatform: isOfPlatform(cause),
    about,
    taskArn,
    at: isoTime(atMs),
  };
}

/** The groups of codes that version 1 of the events has names for. */
const KINDS: readonly (readonly [kind: string, codes: RegExp])[] = [
  ["outOfMemory", /^outOfMemory$/],
  ["imagePull", /^(?:image|registry|repository)/],
  ["secret", /^(?:secret|key)/],
  ["exited", /^(?:exited|killed|terminated|crashed|entrypointFailed|commandNot)/],
  ["healthCheck", /[uU]nhealthy$/],
  ["placement", /^(?:no(?:Room|Instances|NetworkSlot|tPlaced)|port|attribute|constraint|capacity|quota|subnetFull)/],
  ["resourceInitialization", /^(?:log|efs|ebs|volume|network|envFile|credentialSpec|serviceConnect|resource)/],
];

function kindOf(code: CauseCode): string {
  return KINDS.find(([, codes]) => codes.test(code))?.[0] ?? "other";
}
