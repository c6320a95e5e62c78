import { WITH_DEPLOYMENT } from "../report/exit_code.ts";
import { describePlanNotice } from "../report/messages/notice_text.ts";
import { planWait } from "../rollout/plan/plan_wait.ts";
import { readWaitState } from "../rollout/read/read_service.ts";
import { reportRefusal } from "../session/report_refusal.ts";
import { prepareAll, runPlans, type SessionPlan } from "../session/run_plans.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import type { Session } from "../session/session.ts";
import { defineCommand, type OptionsOf } from "./define_command.ts";
import { reportPlanned, reportStarted } from "../session/plans/show_plans.ts";
import {
  alarmOption,
  bakeOption,
  failAfterOption,
  logsOption,
  outputOption,
  refuseAlarmAlone,
  untilOption,
} from "./options.ts";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso wait": "exit with 6 if it fails",
    "ecspresso wait --timeout 20m": "for 20 minutes at most",
    "ecspresso wait --cluster prod --service 'api-*'": "for many",
    "ecspresso wait --until deployed": "do not wait for all tasks",
    "ecspresso wait --until traffic-shifted": "do not wait for the bake time",
    "ecspresso wait --bake 5m": "did the last rollback help?",
  },
  endings: {
    ...WITH_DEPLOYMENT,
    ok: "the service is stable (or deployed); with --bake, also where nothing shows whether that helped",
    refused: "there is no such service, or another system deploys it",
    didNotHelp: "with --bake: the service is stable, and that did not help",
  },
  help: "",
  conflicts: { "--bake --until=traffic-shifted": "it is watched once the deployment is completed" },
  run: async (options, { open }) => {
    const sessions = await open();
    refuseAlarmAlone(options);
    reportStarted(sessions, "wait", WITHOUT_REFUSED);
    const read = (session: Session) => readWait(session, options);
    const planned = await prepareAll(sessions, read, (found) => report(found, options));
    if (sessions.length > 1) reportPlanned(sessions, planned, WITHOUT_REFUSED);
    return await runPlans(sessions, planned, { logs: options.logs });
  },
});

const UNTIL =
  "stable: completed, and all its tasks run; deployed: completed; traffic-shifted: all production traffic has " +
  "moved, where the deployment shifts it";

const BAKE =
  "say whether the last deployment, such as a rollback, has helped: compare alarms and load balancers before it with at " +
  "least this long after it; works later, too";

function addOptions(command: ProgramCommand) {
  return command.optionsGroup("What is waited for:")
    .addOption(untilOption("--until <state>", UNTIL, "traffic-shifted"))
    .addOption(failAfterOption("0"))
    .addOption(bakeOption(BAKE))
    .addOption(alarmOption())
    .optionsGroup("How it is shown:")
    .addOption(logsOption())
    .addOption(outputOption());
}

type WaitRequest = OptionsOf<typeof addOptions>;

/** A service that is refused does not keep the command from waiting for the others. */
const WITHOUT_REFUSED = { skipRefused: true, dryRun: false };

async function readWait(session: Session, options: WaitRequest) {
  const ecs = await session.connectEcs();
  const planned = planWait(await readWaitState({ ref: session.ref, ecs, signal: session.signal }), options);
  return { session, ecs, planned };
}

/** Reports what was found of one service. Returns its plan; `undefined` where there is nothing to wait for. */
async function report(
  { session, ecs, planned }: Awaited<ReturnType<typeof readWait>>,
  { until }: WaitRequest,
): Promise<SessionPlan | undefined> {
  const { log, emit } = session;
  if (planned.kind === "refused") {
    await reportRefusal(planned.refusal, session);
    return undefined;
  }
  if (planned.kind === "ended") {
    log.warn(describePlanNotice(planned.notice));
    emit({ kind: "alreadyEnded", outcome: planned.end, until });
    return undefined;
  }
  const { plan } = planned;
  emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  return { session, ecs, plan };
}
