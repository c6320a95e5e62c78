import type { Ecs } from "../aws/ecs.ts";
import { AwsError, UsageError } from "../errors.ts";
import { findHold, formatHold, HOLD_KEY } from "../model/service_notes.ts";
import { objectsIn } from "../model/json.ts";
import { type DescribedService, subjectName } from "../model/service.ts";
import { ANSWERED } from "../report/exit_code.ts";
import { formatLocalTime } from "../report/messages/log.ts";
import { commandTo } from "../report/messages/own_commands.ts";
import { describeHold } from "../report/messages/phrases.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { type Found, readEach, reportUnread } from "../session/read_each.ts";
import { findActor } from "../session/run_plans.ts";
import type { Session } from "../session/session.ts";
import { defineCommand, type OptionsOf } from "./define_command.ts";
import { IN_TAG_TOO, parseHold, reasonOption } from "./options.ts";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso hold --for 2h --reason 'INC-42: 1.9 leaks memory'": "for two hours, ecspresso deploy refuses it",
    "ecspresso hold --release": "it may be deployed again",
  },
  endings: {
    ...ANSWERED,
    ok: "held, released, or a dry run",
    refused: "there is no such service; of many services, one is enough: the others are held or released all the same",
  },
  help: `
A tag on the service (ecspresso:hold) says who, why and until when; it ends by itself. deploy refuses a held service (exit
code 4) unless --override-hold is given; rollback and scale do not. status and history show it. Other tools, such as
kayac/ecspresso, the AWS CLI and the console, are kept off by an IAM statement only: docs/companions.md has one.`,
  conflicts: { "--for --release": "one begins a hold, the other ends it" },
  run: async (options, { open }) => {
    if (options.for === undefined && !options.release) {
      throw new UsageError("hold takes --for, or --release", "for example: ecspresso hold --for 2h");
    }
    return reportUnread(await readEach(await open(), (session) => holdOne(session, options)));
  },
});

function addOptions(command: ProgramCommand) {
  return command
    .option("--for <duration>", "how long what runs is to stay: 2h, 30m, 90 (seconds)", parseHold("--for"))
    .option("--release", "end the hold now")
    .option("--dry-run", "say what would be done, and change nothing")
    .addOption(reasonOption(IN_TAG_TOO));
}

type HoldRequest = OptionsOf<typeof addOptions>;

/** Holds or releases one of the services. */
async function holdOne(session: Session, request: HoldRequest): Promise<Found<true>> {
  const { ref, signal } = session;
  const ecs = await session.connectEcs();
  const service = await ecs.describeService(ref, signal);
  if (service === undefined) return { refusal: { code: "serviceMissing", intent: "hold", ref } };
  if (service.status !== "ACTIVE") {
    return { refusal: { code: "serviceNotActive", intent: "hold", ref, status: service.status } };
  }
  if (request.release) await release(session, ecs, service, request.dryRun);
  else await begin(session, ecs, service, request);
  return { result: true };
}

async function begin(
  session: Session,
  ecs: Ecs,
  { arn, raw }: DescribedService,
  { for: forMs = 0, reason, dryRun }: HoldRequest,
): Promise<void> {
  const { log, signal, host: { env } } = session;
  const atMs = ecs.now();
  const untilMs = atMs + forMs;
  const before = findHold(raw, atMs);
  if (before !== undefined) log.info(`This replaces a hold: ${describeHold(before)}`);
  const hold = formatHold({ untilMs, atMs, by: findActor(env), reason });
  if (!dryRun) await changing(session, () => ecs.tagService(arn, { [HOLD_KEY]: hold }, signal));
  log.info(
    `${dryRun ? "Would be held" : "Held"} until ${formatLocalTime(untilMs)}: deploy refuses ` +
      `${subjectName(session.ref)} until then; to end that: ${commandTo("releaseHold", session.ref)}`,
  );
}

async function release(session: Session, ecs: Ecs, { arn, raw }: DescribedService, dryRun: boolean): Promise<void> {
  const { log, signal } = session;
  if (!objectsIn(raw.tags).some(({ key }) => key === HOLD_KEY)) return log.info("It is not held");
  if (!dryRun) await changing(session, () => ecs.untagService(arn, [HOLD_KEY], signal));
  log.info(dryRun ? "The hold would end" : "The hold has ended: deploys go on");
}

/** Changes the tag. A stop signal that arrives meanwhile leaves open whether it was changed. */
async function changing({ changes, log }: Session, change: () => Promise<void>): Promise<void> {
  changes.mayHaveBegun = true;
  try {
    await change();
  } catch (error) {
    if (error instanceof AwsError) log.debug(`the tag ${HOLD_KEY} may have been changed`);
    throw error;
  }
}
