import { AwsError, failureOf } from "../errors.ts";
import { endOfFailure, worstOf } from "../report/ending.ts";
import type { Ending } from "../report/exit_code.ts";
import { describeFailure } from "../report/failure_text.ts";
import { explainRefusal } from "../report/messages/refusal_text.ts";
import type { AnyRefusal } from "../rollout/events.ts";
import { addNearest, explainMissing } from "./add_nearest.ts";
import { reportRefusal } from "./report_refusal.ts";
import type { Session } from "./session.ts";

/** What was read of a service, or why there is nothing to read. */
export type Found<Result> = { readonly result: Result } | { readonly refusal: AnyRefusal };

/** The same with its session. `why`: lines that say, of one of many services, why it could not be read. */
type ReadOne<Result> =
  & { readonly session: Session }
  & ({ readonly result: Result } | { readonly ending: Ending; readonly why: readonly string[] });

/**
 * Reads services side by side. Of many, one that is denied or missing hides no other; a stop signal or the time limit
 * ends them all. Of one alone, what is missing is reported at once, and an error ends the run.
 */
export async function readEach<Result>(
  sessions: readonly Session[],
  read: (session: Session) => Promise<Found<Result>>,
  areMany = sessions.length > 1,
): Promise<ReadOne<Result>[]> {
  if (!areMany) {
    const [session] = sessions as [Session];
    const found = await read(session);
    if ("result" in found) return [{ session, ...found }];
    await reportRefusal(found.refusal, session);
    return [{ session, ending: "refused", why: [] }];
  }
  return await Promise.all(sessions.map(async (session): Promise<ReadOne<Result>> => {
    try {
      const found = await read(session);
      if ("result" in found) return { session, ...found };
      return { session, ending: "refused", why: explainRefusal(await addNearest(found.refusal, session)) };
    } catch (error) {
      if (!(error instanceof AwsError) || session.signal.aborted) throw error;
      const failure = failureOf(await explainMissing(error, session));
      return { session, ending: endOfFailure(failure), why: describeFailure(failure, session.scope.region) };
    }
  }));
}

/**
 * Logs why services could not be read. Returns the worst ending.
 *
 * @param endings those of the services that were read
 */
export function reportUnread(all: readonly ReadOne<unknown>[], endings: readonly Ending[] = []): Ending {
  const unread = all.filter((one) => "why" in one);
  const said = new Set<string>();
  for (const { session, why } of unread) {
    for (const line of why.filter((each) => !said.has(each))) session.log.error(line);
    for (const line of why) said.add(line);
  }
  return worstOf([...endings, ...unread.map(({ ending }) => ending)]);
}
