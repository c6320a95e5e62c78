import { clusterName, serviceName } from "../../model/arn.ts";
import type { HistoryNotice } from "../../registry/describe_revisions.ts";
import type { TaskDefinitionUser, UsesNotice } from "../../registry/find_uses.ts";
import { byCode, byKind, type Cases } from "./cases.ts";
import { describeCost } from "./aws_failure_text.ts";

/** What uses a task definition; the text follows "in use by". */
export const describeUser = byKind<TaskDefinitionUser, string>({
  service: ({ name }) => `the service ${name}`,
  deployment: ({ id, of }) => `deployment ${id}${ofService(of)}`,
  taskSet: ({ id, of }) => `task set ${id}${ofService(of)}`,
  wayBack: ({ of }) => `the deployment under way${ofService(of)}: ECS goes back to it if that fails`,
  task: ({ family }) => `a running task of the family ${family}`,
});

function ofService(name: string | undefined): string {
  return name === undefined ? "" : ` of the service ${name}`;
}

export const USES_NOTICES: Cases<UsesNotice, "code", string> = {
  ownServiceMissing: ({ ref: { cluster, service } }) =>
    `there is no service ${serviceName(service)} in the cluster ${clusterName(cluster)}, so nothing shows what it ` +
    "uses: check cluster, service and region of the config",
  otherServicesNotRead: ({ denial }) =>
    describeCost(denial, "what the cluster's other services use is not known, except for their running tasks"),
  waysBackNotRead: ({ denial }) =>
    describeCost(denial, "where ECS would go back to, if the deployment under way failed, is not known"),
};

/** Which uses could not be found out: one line. */
export const describeUsesNotice = byCode<UsesNotice, string>(USES_NOTICES);

/** Which part of the revisions' history could not be found out: one line. */
export const describeHistoryNotice = byCode<HistoryNotice, string>({
  ...USES_NOTICES,
  usesNotShown: ({ denial }) => describeCost(denial, "what is in use is not shown"),
  deploymentsNotShown: ({ denial }) => describeCost(denial, "what was deployed is not shown"),
  noServiceConfigured: () => "what was deployed is not shown: the config names no service",
});
