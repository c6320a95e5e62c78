/** For each operation of the emulator a request, and another value for each of its optional members. */
import { ask } from "./asking.ts";
import type { Emulator } from "./emulator.ts";
import { BESIDE, CLUSTER, deploying, paused, ROLE, volumeOf } from "./full_world.ts";
import type { JsonObject } from "./model.ts";
import { DEPLOY_ROLE, RESOURCE_ID, SERVICE, taskDefinition } from "./myservice.ts";
import type { ServiceName } from "./protocols/protocol.ts";

const TARGET_GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef";
const REGISTRY = "arn:aws:servicediscovery:ap-northeast-1:123456789012:service/srv-0123456789abcdef";
const target = { ServiceNamespace: "ecs", ResourceId: RESOURCE_ID, ScalableDimension: "ecs:service:DesiredCount" };
const policy: JsonObject = { ...target, PolicyName: "cpu", PolicyType: "TargetTrackingScaling" };
const tracking = { TargetTrackingScalingPolicyConfiguration: { TargetValue: 50 } };
const steps = { AdjustmentType: "ChangeInCapacity", StepAdjustments: [{ ScalingAdjustment: 1 }] };
const network = { awsvpcConfiguration: { subnets: ["subnet-other"] } };
const page = { nextToken: "no", maxResults: 1 };
const balanced = { targetGroupArn: TARGET_GROUP, containerName: "app", containerPort: 8080 };

/** What both CreateService and UpdateService take. */
const OF_SERVICE: JsonObject = {
  cluster: CLUSTER,
  taskDefinition: `${SERVICE}:2`,
  availabilityZoneRebalancing: "DISABLED",
  loadBalancers: [balanced],
  serviceRegistries: [{ registryArn: REGISTRY, containerName: "app", containerPort: 8080 }],
  desiredCount: 3,
  capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
  platformVersion: "1.3.0",
  deploymentConfiguration: { minimumHealthyPercent: 50 },
  placementConstraints: [{ type: "distinctInstance" }],
  placementStrategy: [{ type: "random" }],
  networkConfiguration: network,
  healthCheckGracePeriodSeconds: 30,
  deploymentController: { type: "CODE_DEPLOY" },
  enableECSManagedTags: true,
  propagateTags: "TASK_DEFINITION",
  enableExecuteCommand: true,
  serviceConnectConfiguration: { enabled: true, namespace: "other", services: [{ portName: "web" }] },
  volumeConfigurations: [volumeOf(20)],
  vpcLatticeConfigurations: [{ portName: "web", roleArn: ROLE, targetGroupArn: TARGET_GROUP }],
  gatewayConnectors: [{ portName: "web" }],
  monitoring: { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] },
};

/** A request, and another value for each of its optional members. */
export interface Case {
  base?: JsonObject | ((emulator: Emulator) => JsonObject);
  others: JsonObject;
  /** The request is refused as it is. */
  isRefused?: true;
}

export const CASES: Partial<Record<ServiceName, Record<string, Case>>> = {
  ecs: {
    CreateService: {
      base: { ...BESIDE, serviceName: "new" },
      others: {
        ...OF_SERVICE,
        // It only marks repeated requests: create_service_test.ts.
        clientToken: undefined,
        launchType: "EC2",
        role: ROLE,
        schedulingStrategy: "DAEMON",
        tags: [{ key: "a", value: "b" }],
      },
    },
    UpdateService: { base: { service: "beside" }, others: { ...OF_SERVICE, forceNewDeployment: true } },
    CreateTaskSet: {
      base: (emulator) => {
        const deploymentController = { type: "EXTERNAL" };
        emulator.createService({ serviceName: "external", desiredCount: 1, deploymentController });
        const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-one"] } };
        return {
          cluster: "default",
          service: "external",
          taskDefinition: `${SERVICE}:1`,
          launchType: "FARGATE",
          networkConfiguration,
        };
      },
      others: {
        networkConfiguration: network,
        loadBalancers: [balanced],
        serviceRegistries: OF_SERVICE.serviceRegistries,
        launchType: "EC2",
        capacityProviderStrategy: OF_SERVICE.capacityProviderStrategy,
        platformVersion: "1.3.0",
        scale: { value: 50, unit: "PERCENT" },
      },
    },
    DeleteService: { base: { service: SERVICE }, isRefused: true, others: { cluster: CLUSTER, force: true } },
    DescribeClusters: { others: { clusters: [CLUSTER] } },
    DescribeServices: { base: { services: [SERVICE] }, others: { cluster: CLUSTER, include: ["TAGS"] } },
    DescribeTaskDefinition: { base: { taskDefinition: "tagged" }, others: { include: ["TAGS"] } },
    DescribeTasks: {
      base: (emulator) => ({ tasks: ask(emulator, "ListTasks").output.taskArns }),
      others: { cluster: CLUSTER, include: ["TAGS"] },
    },
    ListServiceDeployments: {
      base: { service: SERVICE },
      others: { cluster: CLUSTER, status: ["STOPPED"], createdAt: { after: 4_000_000_000 }, ...page },
    },
    ListClusters: { others: page },
    ListServices: { others: { cluster: CLUSTER, launchType: "EC2", schedulingStrategy: "DAEMON", ...page } },
    ListTaskDefinitionFamilies: { others: { familyPrefix: "no", status: "INACTIVE", ...page } },
    ListTaskDefinitions: { others: { familyPrefix: "no", status: "INACTIVE", sort: "DESC", ...page } },
    ListTasks: {
      others: {
        cluster: CLUSTER,
        family: "no",
        startedBy: "no",
        serviceName: "no",
        desiredStatus: "STOPPED",
        ...page,
      },
    },
    RegisterTaskDefinition: {
      base: taskDefinition(1),
      others: {
        taskRoleArn: ROLE,
        executionRoleArn: ROLE,
        networkMode: "host",
        volumes: [{ name: "data" }],
        placementConstraints: [{ type: "memberOf", expression: "attribute:a == b" }],
        requiresCompatibilities: ["EC2"],
        cpu: "1024",
        memory: "1GB",
        tags: [{ key: "a", value: "b" }],
        pidMode: "task",
        ipcMode: "task",
        proxyConfiguration: { containerName: "app" },
        inferenceAccelerators: [{ deviceName: "device", deviceType: "eia1.medium" }],
        ephemeralStorage: { sizeInGiB: 30 },
        runtimePlatform: { cpuArchitecture: "ARM64" },
        enableFaultInjection: true,
        trustedExecutionConfiguration: { isolationMode: "ISOLATED_SANDBOX" },
      },
    },
    StopServiceDeployment: { base: deploying, others: { stopType: "ABORT" } },
    ContinueServiceDeployment: { base: paused, others: { action: "ROLLBACK" } },
    StopTask: {
      base: (emulator) => ({ task: ask(emulator, "ListTasks").output.taskArns[0] }),
      others: { cluster: CLUSTER, reason: "try" },
    },
  },
  autoscaling: {
    DescribeScalableTargets: {
      base: { ServiceNamespace: "ecs" },
      others: {
        ResourceIds: ["service/default/no"],
        ScalableDimension: "ec2:spot-fleet-request:TargetCapacity",
        MaxResults: 1,
        NextToken: "no",
      },
    },
    DescribeScalingPolicies: {
      base: { ServiceNamespace: "ecs" },
      others: {
        PolicyNames: ["no"],
        ResourceId: "service/default/no",
        ScalableDimension: "ec2:spot-fleet-request:TargetCapacity",
        MaxResults: 1,
        NextToken: "no",
      },
    },
    PutScalingPolicy: {
      base: { ...policy, ...tracking },
      others: {
        PolicyType: "StepScaling",
        StepScalingPolicyConfiguration: steps,
        TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 },
      },
    },
    RegisterScalableTarget: {
      base: target,
      others: {
        MinCapacity: 3,
        MaxCapacity: 1,
        SuspendedState: { ScheduledScalingSuspended: true },
        Tags: { a: "b" },
      },
    },
  },
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
