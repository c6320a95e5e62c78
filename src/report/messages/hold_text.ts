import { type Hold, HOLD_KEY } from "../../model/hold.ts";
import { formatLocalTime } from "../log.ts";

/** Who holds a service, until when and why, as a clause: `alice holds it until 2023/01/01 14:10:00 (bad release)`. */
export function describeHold({ by, untilMs, reason }: Hold): string {
  if (untilMs === undefined) return `its tag ${HOLD_KEY} holds it, with a value that is not this program's`;
  return `${by} holds it until ${formatLocalTime(untilMs)}${reason === undefined ? "" : ` (${reason})`}`;
}
