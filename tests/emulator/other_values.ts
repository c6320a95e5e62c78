/** For each operation of the emulator a request, and another value for each of its optional members. */
import { ask } from "./asking.ts";
import { type Case, page, TARGET_GROUP } from "./case.ts";
import { BESIDE, CLUSTER, deploying, paused, ROLE, volumeOf } from "./full_world.ts";
import type { JsonObject } from "./model.ts";
import { RESOURCE_ID, SERVICE, taskDefinition } from "./myservice.ts";
import { OTHER_SERVICES } from "./other_values_besides_ecs.ts";
import type { ServiceName } from "./protocols/protocol.ts";

const REGISTRY = "arn:aws:servicediscovery:ap-northeast-1:123456789012:service/srv-0123456789abcdef";
const target = { ServiceNamespace: "ecs", ResourceId: RESOURCE_ID, ScalableDimension: "ecs:service:DesiredCount" };
const policy: JsonObject = { ...target, PolicyName: "cpu", PolicyType: "TargetTrackingScaling" };
const tracking = { TargetTrackingScalingPolicyConfiguration: { TargetValue: 50 } };
const steps = { AdjustmentType: "ChangeInCapacity", StepAdjustments: [{ ScalingAdjustment: 1 }] };
const network = { awsvpcConfiguration: { subnets: ["subnet-other"] } };
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

export const CASES: Partial<Record<ServiceName, Record<string, Case>>> = {
  ...OTHER_SERVICES,
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
};
