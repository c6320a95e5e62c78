import { AwsError } from "../errors.ts";
import { HOLD_KEY } from "../model/service_notes.ts";
import { subjectName } from "../model/service.ts";
import type { Ending } from "../report/exit_code.ts";
import { formatLocalTime } from "../report/messages/log.ts";
import { commandTo } from "../report/messages/own_commands.ts";
import { describeHold } from "../report/messages/phrases.ts";
import { planHold } from "../rollout/plan/plan_hold.ts";
import { type Found, readEach, reportUnread } from "./read_each.ts";
import { findActor } from "./find_actor.ts";
import type { Session } from "./session.ts";

interface HoldRequest {
  /** For how long; `undefined`: a hold is to end. */
  readonly forMs: number | undefined;
  readonly reason?: string | undefined;
  readonly dryRun: boolean;
}

/** Holds or releases services, each for itself. Returns the worst ending. */
export async function holdServices(sessions: readonly Session[], request: HoldRequest): Promise<Ending> {
  return reportUnread(await readEach(sessions, (session) => holdOne(session, request)));
}

async function holdOne(session: Session, { forMs, reason, dryRun }: HoldRequest): Promise<Found<true>> {
  const { ref, signal, log, host: { env } } = session;
  const ecs = await session.connectEcs();
  const service = await ecs.describeService(ref, signal);
  const planned = planHold(ref, service, { forMs, by: findActor(env), reason }, ecs.now());
  switch (planned.kind) {
    case "refused":
      return planned;
    case "notHeld":
      log.info("It is not held");
      break;
    case "release":
      if (!dryRun) await changeTag(session, () => ecs.untagService(planned.arn, planned.keys, signal));
      log.info(dryRun ? "The hold would end" : "The hold has ended: deploys go on");
      break;
    case "hold":
      if (planned.replaces !== undefined) log.info(`This replaces a hold: ${describeHold(planned.replaces)}`);
      if (!dryRun) await changeTag(session, () => ecs.tagService(planned.arn, planned.tags, signal));
      log.info(
        `${dryRun ? "Would be held" : "Held"} until ${formatLocalTime(planned.untilMs)}: deploy refuses ` +
          `${subjectName(ref)} until then; to end that: ${commandTo("releaseHold", ref)}`,
      );
  }
  return { result: true };
}

/** Changes the tag. A stop signal that arrives meanwhile leaves open whether it was changed. */
async function changeTag({ changes, log }: Session, change: () => Promise<void>): Promise<void> {
  changes.mayHaveBegun = true;
  try {
    await change();
  } catch (error) {
    if (error instanceof AwsError) log.debug(`the tag ${HOLD_KEY} may have been changed`);
    throw error;
  }
}
