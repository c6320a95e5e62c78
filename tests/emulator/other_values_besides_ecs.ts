import { type Case, page, TARGET_GROUP } from "./case.ts";
import { DEPLOY_ROLE, SERVICE } from "./myservice.ts";
import type { ServiceName } from "./protocols/protocol.ts";

export const OTHER_SERVICES: Partial<Record<ServiceName, Record<string, Case>>> = {
  ssm: {
    GetParameter: { base: { Name: "secret" }, others: { WithDecryption: true } },
    DescribeParameters: { others: { ParameterFilters: [{ Key: "Name", Values: ["no"] }] } },
  },
  ec2: {
    DescribeSubnets: {
      others: { SubnetIds: ["subnet-0a1b2c3d4e5f60718"], Filters: [{ Name: "subnet-id", Values: ["no"] }] },
    },
  },
  iam: {
    SimulatePrincipalPolicy: {
      base: { PolicySourceArn: DEPLOY_ROLE, ActionNames: ["s3:GetObject"] },
      others: { ResourceArns: ["arn:aws:s3:::no"] },
    },
  },
  secretsmanager: {
    GetSecretValue: {
      base: { SecretId: `${SERVICE}/api_key` },
      others: { VersionId: "00000000-0000-0000-0000-000000000000", VersionStage: "AWSPENDING" },
    },
  },
  ecr: {
    DescribeImages: {
      base: { repositoryName: SERVICE },
      others: {
        registryId: "210987654321",
        imageIds: [{ imageTag: "1.0.0" }],
        filter: { tagStatus: "UNTAGGED" },
        ...page,
      },
    },
    DescribePullThroughCacheRules: {
      others: { registryId: "210987654321", ecrRepositoryPrefixes: ["one"], ...page },
    },
  },
  efs: {
    DescribeFileSystems: { others: { FileSystemId: "fs-0123456789abcdef0" } },
    DescribeAccessPoints: {
      base: { AccessPointId: "fsap-0123456789abcdef0" },
      others: { AccessPointId: "fsap-1123456789abcdef0" },
    },
  },
  elbv2: { DescribeTargetGroups: { others: { TargetGroupArns: ["no"], LoadBalancerArn: "no" } } },
  sts: {
    AssumeRole: {
      base: { RoleArn: DEPLOY_ROLE, RoleSessionName: "ci" },
      others: { DurationSeconds: 1_000 },
    },
  },
  cloudwatch: {
    DescribeAlarms: {
      others: {
        AlarmNames: ["no"],
        AlarmTypes: ["CompositeAlarm"],
        StateValue: "ALARM",
        MaxRecords: 1,
        NextToken: "no",
      },
    },
    DescribeAlarmHistory: {
      base: (emulator) => {
        emulator.setAlarm("one", "ALARM");
        emulator.advance(1_000);
        emulator.setAlarm("one", "OK");
        return {};
      },
      others: {
        AlarmName: "no",
        AlarmTypes: ["CompositeAlarm"],
        HistoryItemType: "Action",
        StartDate: 4_000_000_000,
        EndDate: 1,
        ScanBy: "TimestampAscending",
        MaxRecords: 1,
        NextToken: "no",
      },
    },
    GetMetricData: {
      base: (emulator) => {
        emulator.setTraffic(TARGET_GROUP, { requests: 10 });
        emulator.advance(600_000);
        const Dimensions = [
          { Name: "LoadBalancer", Value: "app/web/0123456789abcdef" },
          { Name: "TargetGroup", Value: "targetgroup/web/0123456789abcdef" },
        ];
        const Metric = { Namespace: "AWS/ApplicationELB", MetricName: "RequestCount", Dimensions };
        const seconds = emulator.now() / 1_000;
        return {
          MetricDataQueries: [{ Id: "one", MetricStat: { Metric, Period: 60, Stat: "Sum" } }],
          StartTime: seconds - 600,
          EndTime: seconds,
        };
      },
      others: { ScanBy: "TimestampAscending", NextToken: "no" },
    },
  },
  cloudformation: {
    DescribeStacks: { others: { StackName: "no", NextToken: "no" } },
    ListExports: { others: { NextToken: "no" } },
  },
  logs: {
    DescribeLogGroups: { others: { logGroupNamePrefix: "no", nextToken: "no", limit: 1 } },
    GetLogEvents: {
      base: { logGroupName: "one", logStreamName: "app", limit: 1 },
      others: {
        logGroupName: "other",
        startTime: 4_000_000_000_000,
        endTime: 1,
        limit: 2,
        startFromHead: true,
        nextToken: "b/1",
      },
    },
  },
};
