import { isAbsolute, relative } from "node:path";
import { folderOf } from "../../config/user_files.ts";
import { clusterName, type Revision, serviceName } from "../../model/arn.ts";
import { parseImageName, pinImage, readWrittenImages } from "../../model/images.ts";
import { formatJson } from "../../report/log.ts";
import type { CarriedOptions } from "../../rollout/plan/options.ts";
import type { Plan } from "../../rollout/plan/plan.ts";
import type { CurrentState } from "../../rollout/read/current_state.ts";
import type { Session } from "../session.ts";
import { VERSION } from "../version.ts";
import { PLAN_FORMAT, PLAN_VERSION, type PlannedHow } from "./plan_file.ts";

/** A service of a plan that is to be kept. */
export interface ServiceToFile {
  readonly session: Pick<Session, "config" | "ref" | "role" | "wave">;
  readonly state: CurrentState;
  readonly plan: Plan;
}

/** The text of a plan file. It names what runs and what starts, and holds no values of definitions. */
export function renderPlanFile(
  path: string,
  services: readonly ServiceToFile[],
  { carried, policy }: PlannedHow,
  madeAtMs: number,
): string {
  const file = {
    format: PLAN_FORMAT,
    version: PLAN_VERSION,
    madeAt: new Date(madeAtMs).toISOString(),
    madeBy: `ecspresso ${VERSION}`,
    options: { ...renderCarried(carried), ...policy },
    services: services.map((one) => describeService(one, path)),
  };
  return `${formatJson(file, 2)}\n`;
}

function renderCarried({ preflight, givenTimeoutMs, ...others }: CarriedOptions): object {
  return {
    ...others,
    ...(preflight !== undefined && { preflight: preflight === "off" ? preflight : `${preflight / 1_000}s` }),
    ...(givenTimeoutMs !== undefined && { timeout: `${givenTimeoutMs / 1_000}s` }),
  };
}

function describeService({ session, state, plan }: ServiceToFile, path: string): object {
  const { config, ref, role, wave } = session;
  const [from, to] = [plan.from, plan.to] as [Revision, Revision];
  const [, , , region, account] = from.arn.split(":");
  return {
    service: serviceName(ref.service),
    cluster: clusterName(ref.cluster),
    region,
    account,
    config: config.path && nameBeside(path, config.path),
    ...(role !== undefined && { role }),
    ...(wave !== 1 && { wave }),
    from: { taskDefinition: from.arn, deployment: plan.basedOn, images: describeRunning(state) },
    to: {
      taskDefinition: to.arn,
      serviceDeployment: state.chosen?.kind === "chosen" ? state.chosen.deployment : undefined,
      images: (plan.images ?? []).map(({ container, image, starts, isConsistent }) =>
        describeImage(container, image, isConsistent ? starts : undefined)
      ),
    },
  };
}

/** A path as it is counted from the folder of the plan file. */
function nameBeside(plan: string, path: string): string {
  return isAbsolute(path) ? path : relative(folderOf(plan), path);
}

/** Without version consistency, tasks of one deployment may differ. */
function describeRunning({ current, images }: CurrentState): object[] {
  const written = current === undefined ? [] : readWrittenImages(current.raw);
  return written.map(({ container, image, isConsistent }) => {
    const runs = images?.running?.find((one) => one.container === container);
    return describeImage(container, image, isConsistent ? runs?.digest : undefined);
  });
}

function describeImage(container: string, image: string, digest: string | undefined): object {
  const isNamed = digest === undefined || parseImageName(image).digest !== undefined;
  return { container, image: isNamed ? image : pinImage(image, digest) };
}
