import type { PastDeployment } from "../../../../src/model/service_deployment.ts";
import { revision, serviceRevision } from "../../made_up.ts";

export const MINUTE_MS = 60_000;
const STATUSES: Readonly<Record<string, string>> = {
  "!": "ROLLBACK_SUCCESSFUL",
  "?": "IN_PROGRESS",
  "x": "STOPPED",
  "<": "ROLLBACK_IN_PROGRESS",
  "-": "ROLLBACK_FAILED",
};

/** Deployments that take a minute each: `3 60` is of revision 3, begins at minute 60, and was completed; `4! 90`, `5? 95`. */
export function record(...made: string[]): PastDeployment[] {
  return made.map((text) => {
    const [, number = "", digest, mark = "", minute] = /^(\d)([a-f])?([!?x<-])? (\d+)$/.exec(text)!;
    const createdAtMs = Number(minute) * MINUTE_MS;
    return {
      arn: `arn:sd/${minute}`,
      status: STATUSES[mark] ?? "SUCCESSFUL",
      createdAtMs,
      finishedAtMs: mark === "?" || mark === "<" ? undefined : createdAtMs + MINUTE_MS,
      taskDefinition: revision(Number(number)).arn,
      revision: { ...serviceRevision(Number(number), digest), arn: `arn:sr/${minute}` },
    };
  });
}
