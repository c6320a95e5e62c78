import { inFull } from "../../../../src/model/arn.ts";
import type { ServiceSnapshot } from "../../../../src/model/service.ts";
import type { PastDeployment } from "../../../../src/model/service_deployment.ts";
import { chooseRevision } from "../../../../src/rollout/read/choose_revision.ts";
import { DeploymentRecord } from "../../../../src/rollout/read/deployment_record.ts";
import type { Chosen } from "../../../../src/rollout/read/chosen_revision.ts";
import type { LeftChoice, SoughtChoice } from "../../../../src/rollout/read/revision_choice.ts";
import { REF, revision, service } from "../../made_up.ts";
import { type Script, scriptedPorts } from "../scripted_ports.ts";

/**
 * Deployments in the order in which they were made: `3` succeeded, `4!` was turned back, `4<` is being (`4s` and `4r`: asked
 * to be), `5?` is under way, `6x` stopped.
 */
export function history(...made: string[]): PastDeployment[] {
  const STATUSES: Record<string, string> = {
    "!": "ROLLBACK_SUCCESSFUL",
    "<": "ROLLBACK_IN_PROGRESS",
    "s": "STOP_REQUESTED",
    "r": "ROLLBACK_REQUESTED",
    "?": "IN_PROGRESS",
    "x": "STOPPED",
  };
  return made.map((text, index) => ({
    arn: `arn:sd/${index}`,
    status: STATUSES[text.slice(1)] ?? "SUCCESSFUL",
    createdAtMs: index * 1_000,
    finishedAtMs: index * 1_000 + 500,
    taskDefinition: revision(Number(text[0])).arn,
  }));
}

interface Run {
  readonly shown?: ServiceSnapshot;
  readonly from?: LeftChoice;
}

export async function choose(
  choice: SoughtChoice,
  script: Partial<Script> = {},
  { shown = service(), from }: Run = {},
): Promise<Chosen & { calls: string[] }> {
  const { ports, calls } = scriptedPorts({ reads: [undefined], awsNowMs: 100_000_000, ...script });
  const running = revision(Number(shown.taskDefinition!.split(":").at(-1)));
  const left = from && inFull(from, running);
  const { signal } = new AbortController();
  const record = new DeploymentRecord({ ref: REF, ecs: ports.ecs, signal });
  const readImagesNow = () => record.findRunning(shown).then((found) => found?.images);
  const search = { ref: REF, from: left, service: shown, running, ecs: ports.ecs, record, readImagesNow, signal };
  return { ...await chooseRevision(choice, search), calls };
}
