import type { ServiceSnapshot } from "../model/service.ts";
import type { Ending } from "../report/exit_code.ts";
import { describeRefusal } from "../report/messages/refusal_text.ts";
import type { AnyRefusal } from "../rollout/events.ts";
import { addNearest } from "./add_nearest.ts";
import type { Session } from "./session.ts";

/**
 * Says why nothing is done. Returns the ending.
 *
 * @param service as it was read, if it was
 */
export async function reportRefusal(refused: AnyRefusal, session: Session, service?: ServiceSnapshot): Promise<Ending> {
  const { scope, log, emit } = session;
  const refusal = await addNearest(refused, session);
  if (scope.service !== undefined) {
    emit({ kind: "refused", refusal, ...(service && { deployments: service.deployments }) });
  } else for (const line of describeRefusal(refusal)) log.error(line);
  return "refused";
}
