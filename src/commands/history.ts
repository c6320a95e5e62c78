import { readHistory } from "../model/history.ts";
import { MOST_PAST_DEPLOYMENTS } from "../model/service_deployment.ts";
import { EXIT } from "../report/exit_code.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { parseMoment, parseSpan } from "./parse_moment.ts";

export const define = defineCommand({
  options: (command) =>
    command.option("--since <time>", "only what has run since then: how long ago (7d, 12h), or a date and a time"),
  help: `
Examples:
  ecspresso history
  ecspresso history --since 7d`,
  action: ({ since }) => (session) => showHistory(session, since),
});

/** Lists what really ran, newest first, by ECS's own record of the service's deployments. Returns the exit code. */
async function showHistory(session: Session, since: string | undefined): Promise<number> {
  const { ref, signal, host } = session;
  const ecs = await session.connectEcs();
  const sinceMs = since === undefined ? -Infinity : parseSince(since, ecs.now());
  // What knows how wide characters are takes 20 ms to load.
  const [{ renderHistoryEntry }, { renderTsv }] = await Promise.all([
    import("../report/history_text.ts"),
    import("../report/revisions_text.ts"),
  ]);
  const entries = readHistory(await ecs.listPastDeployments(ref, MOST_PAST_DEPLOYMENTS, signal));
  const wanted = entries.filter(({ isLive, servedUntilMs, finishedAtMs = Infinity }) =>
    isLive || (servedUntilMs ?? finishedAtMs) >= sinceMs
  );
  host.stdout.write(wanted.map((entry) => `${renderTsv(renderHistoryEntry(entry))}\n`).join(""));
  return EXIT.ok;
}

/** How long ago (`7d`), or a moment. */
function parseSince(text: string, nowMs: number): number {
  return /^\d+(?:\.\d+)?[a-zµμ]/.test(text) ? nowMs - parseSpan(text, "--since") : parseMoment(text, "--since", nowMs);
}
