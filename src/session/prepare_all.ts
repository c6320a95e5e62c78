import { AwsError, failureOf } from "../errors.ts";
import type { Session } from "./session.ts";

/**
 * Prepares all services side by side. Of many, one that AWS refuses or cannot say anything of keeps no other from being
 * prepared: it is reported, and left out. Of one alone, the error is the end of the run, and so is a stop signal.
 */
export async function prepareAll<Prepared>(
  sessions: readonly Session[],
  prepare: (session: Session) => Promise<Prepared>,
): Promise<Prepared[]> {
  const [alone, ...others] = sessions;
  if (alone !== undefined && others.length === 0) return [await prepare(alone)];
  const all = await Promise.all(sessions.map(async (session): Promise<Prepared[]> => {
    try {
      return [await prepare(session)];
    } catch (error) {
      if (!(error instanceof AwsError) || session.signal.aborted) throw error;
      const { ref } = session;
      session.reporter.emit({ kind: "failed", failure: failureOf(error), service: ref, region: ref.region });
      return [];
    }
  }));
  return all.flat();
}
