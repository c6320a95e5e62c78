/**
 * What AWS takes and the emulator does nothing with: it is refused, for a test must not believe that it had an effect.
 * Every other member of a request has an effect that a client sees: `every_member_test.ts` tries each.
 */
import { AwsFailure } from "./failure.ts";
import type { JsonObject } from "./model.ts";
import type { ServiceName } from "./protocols/protocol.ts";

/** Members by operation. What an action learns to heed is taken out of here. */
const NOT_HEEDED: Partial<Record<ServiceName, Record<string, readonly string[]>>> = {
  ecs: {
    CreateTaskSet: ["clientToken", "externalId", "tags"],
    DescribeClusters: ["include"],
    ListServices: ["resourceManagementType"],
    ListTasks: ["containerInstance", "launchType", "daemonName"],
  },
  autoscaling: {
    PutScalingPolicy: ["PredictiveScalingPolicyConfiguration"],
    RegisterScalableTarget: ["RoleARN"],
  },
  sts: {
    AssumeRole: [
      "ExternalId",
      "MinimumSessionTokenSize",
      "Policy",
      "PolicyArns",
      "ProvidedContexts",
      "SerialNumber",
      "SourceIdentity",
      "Tags",
      "TokenCode",
      "TransitiveTagKeys",
    ],
  },
  logs: {
    DescribeLogGroups: [
      "accountIdentifiers",
      "includeLinkedAccounts",
      "logGroupClass",
      "logGroupIdentifiers",
      "logGroupNamePattern",
    ],
    GetLogEvents: ["logGroupIdentifier", "unmask"],
  },
  efs: {
    DescribeFileSystems: ["CreationToken", "Marker", "MaxItems"],
    DescribeAccessPoints: ["FileSystemId", "MaxResults", "NextToken"],
  },
  ec2: { DescribeSubnets: ["DryRun", "MaxResults", "NextToken"] },
  kms: { DescribeKey: ["GrantTokens"] },
  ssm: { DescribeParameters: ["Filters", "MaxResults", "NextToken", "Shared"] },
  iam: {
    SimulatePrincipalPolicy: [
      "CallerArn",
      "ContextEntries",
      "Marker",
      "MaxItems",
      "PermissionsBoundaryPolicyInputList",
      "PolicyExclusionList",
      "PolicyInputList",
      "ResourceHandlingOption",
      "ResourceOwner",
      "ResourcePolicy",
    ],
  },
  elbv2: { DescribeTargetGroups: ["Marker", "Names", "PageSize"] },
  cloudwatch: {
    DescribeAlarmHistory: ["AlarmContributorId"],
    DescribeAlarms: ["ActionPrefix", "AlarmNamePrefix", "ChildrenOfAlarmName", "ParentsOfAlarmName"],
    GetMetricData: ["LabelOptions", "MaxDatapoints"],
  },
};

/** The members of an operation that the emulator does nothing with. */
export function notHeededBy(service: ServiceName, operation: string): readonly string[] {
  return NOT_HEEDED[service]?.[operation] ?? [];
}

/** The answer to what the emulator cannot do, whatever AWS can. */
export const notEmulated = (what: string) => new AwsFailure("NotEmulated", `emulator: ${what} is not supported`);

/** @throws AwsFailure for a request that has a member which the emulator does nothing with */
export function checkHeeded(service: ServiceName, operation: string, members: JsonObject): void {
  const member = notHeededBy(service, operation).find((one) => Object.hasOwn(members, one));
  if (member !== undefined) throw notEmulated(`${member} of ${operation}`);
}
