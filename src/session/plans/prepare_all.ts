import { AwsError, failureOf } from "../../errors.ts";
import { explainMissing } from "../add_nearest.ts";
import type { Session } from "../session.ts";

/**
 * Prepares all services side by side, then reports each in turn; returns what to carry out. Where there are many, a
 * service that AWS refuses or cannot answer for is reported and left out. Where there is one, the error ends the run,
 * and so does a stop signal.
 *
 * @param report says why nothing is done, or what is planned; returns what to carry out
 */
export async function prepareAll<Prepared, Planned>(
  sessions: readonly Session[],
  prepare: (session: Session) => Promise<Prepared>,
  report: (prepared: Prepared) => Promise<Planned | undefined>,
): Promise<Planned[]> {
  const prepared = await Promise.all(sessions.map(async (session) => {
    try {
      return await prepare(session);
    } catch (error) {
      if (!(error instanceof AwsError) || session.signal.aborted || sessions.length === 1) throw error;
      const { ref } = session;
      const failure = failureOf(await explainMissing(error, session));
      session.emit({ kind: "failed", failure, region: ref.region });
      return undefined;
    }
  }));
  const planned: Planned[] = [];
  for (const one of prepared) {
    const reported = one && await report(one);
    if (reported !== undefined) planned.push(reported);
  }
  return planned;
}
