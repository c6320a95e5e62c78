import { AwsError, UsageError } from "../errors.ts";
import { findHold, formatHold, HOLD_KEY } from "../model/hold.ts";
import { type JsonObject, objectsIn } from "../model/json.ts";
import { subjectName } from "../model/service.ts";
import { EXIT } from "../report/exit_code.ts";
import { formatLocalTime } from "../report/log.ts";
import { describeHold } from "../report/messages/phrases.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { type Found, readEach, reportUnread } from "../session/read_each.ts";
import { findActor, reportRefusal } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { defineCommand, type OptionsOf } from "./define_command.ts";
import { parseHold, reasonOption } from "./options.ts";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso hold --for 2h --reason 'INC-42: 1.9 leaks memory'": "no deploy of this program for two hours",
    "ecspresso hold --release": "deploys go on",
  },
  help: `
A tag on the service (ecspresso:hold) says who, why and until when; it ends by itself. deploy refuses a held service unless
--override-hold is given; rollback and scale do not. status shows it.`,
  conflicts: { "--for --release": "one begins a hold, the other ends it" },
  actionOnAll: (options) => {
    if (options.for === undefined && !options.release) {
      throw new UsageError("hold takes --for, or --release", "for example: ecspresso hold --for 2h");
    }
    return (sessions) => holdAll(sessions, options);
  },
});

function addOptions(command: ProgramCommand) {
  return command
    .option("--for <duration>", "how long what runs is to stay: 2h, 30m, 90", parseHold("--for"))
    .option("--release", "end the hold now")
    .option("--dry-run", "say what would be done, and change nothing")
    .addOption(reasonOption());
}

type HoldRequest = OptionsOf<typeof addOptions>;

/** Holds or releases each of the services. Returns the gravest exit code. */
async function holdAll(sessions: readonly Session[], request: HoldRequest): Promise<number> {
  const [session, ...others] = sessions as [Session, ...Session[]];
  if (others.length === 0) {
    const found = await holdOne(session, request);
    return "refusal" in found ? await reportRefusal(found.refusal, session) : EXIT.ok;
  }
  const all = await readEach(sessions, (session) => holdOne(session, request));
  return reportUnread(all, all.some((one) => "result" in one) ? [EXIT.ok] : []);
}

async function holdOne(session: Session, request: HoldRequest): Promise<Found<true>> {
  const { ref, signal } = session;
  const ecs = await session.connectEcs();
  const service = await ecs.describeService(ref, signal);
  if (service === undefined) return { refusal: { code: "serviceMissing", intent: "hold", ref } };
  if (service.status !== "ACTIVE") {
    return { refusal: { code: "serviceNotActive", intent: "hold", ref, status: service.status } };
  }
  const nowMs = ecs.now();
  if (request.release) await release(session, service.arn, service.raw, request.dryRun);
  else await begin(session, service.arn, { nowMs, before: findHold(service.raw, nowMs) }, request);
  return { result: true };
}

async function begin(
  session: Session,
  arn: string,
  { nowMs, before }: { nowMs: number; before: ReturnType<typeof findHold> },
  { for: forMs = 0, reason, dryRun }: HoldRequest,
): Promise<void> {
  const { log, signal, host: { env } } = session;
  const by = findActor(env);
  const untilMs = nowMs + forMs;
  if (before !== undefined) log.info(`This replaces a hold: ${describeHold(before)}`);
  if (!dryRun) {
    const ecs = await session.connectEcs();
    await changing(
      session,
      () => ecs.tagService(arn, HOLD_KEY, formatHold({ untilMs, atMs: nowMs, by, reason }), signal),
    );
  }
  const what = dryRun ? "Would be held" : "Held";
  log.info(
    `${what} until ${formatLocalTime(untilMs)}: deploy refuses ${subjectName(session.ref)} until then; ` +
      `to end that: ${session.commandLine("hold --release")}`,
  );
}

async function release(session: Session, arn: string, { tags }: JsonObject, dryRun: boolean): Promise<void> {
  const { log, signal } = session;
  const isHeld = objectsIn(tags).some(({ key }) => key === HOLD_KEY);
  if (!isHeld) return log.info("It is not held");
  if (!dryRun) {
    const ecs = await session.connectEcs();
    await changing(session, () => ecs.untagService(arn, HOLD_KEY, signal));
  }
  log.info(dryRun ? "The hold would end" : "The hold has ended: deploys go on");
}

/** A stop signal that comes meanwhile leaves open whether it was done. */
async function changing({ changes, log }: Session, change: () => Promise<void>): Promise<void> {
  changes.mayHaveBegun = true;
  try {
    await change();
  } catch (error) {
    if (error instanceof AwsError) log.debug(`the tag ${HOLD_KEY} may have been changed`);
    throw error;
  }
}
