import type { Wordings } from "../wordings.ts";

export const PLACEMENT_WORDINGS: readonly Wordings[] = [
  {
    code: "noRoom",
    texts: [
      [
        "was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 7c5f1b6d0e7b4f4c8d8c4a1f6e2b9a10 has insufficient CPU units available.",
        { missing: "CPU units" },
      ],
      ["RESOURCE:MEMORY", { missing: "MEMORY" }],
      ["TaskFailedToStart: RESOURCE:GPU", { missing: "GPU" }],
    ],
    what: /no container instance has enough (?:CPU units|memory|GPU)/,
    advice: /^add container instances/,
  },
  {
    code: "portTaken",
    texts: [
      ["was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 7c5f1b6d0e7b4f4c8d8c4a1f6e2b9a10 is already using a port required by your task."],
      ["RESOURCE:PORTS", { missing: "PORTS" }],
    ],
    what: /host port/,
    advice: /leave hostPort out/,
  },
  {
    code: "noNetworkSlot",
    texts: [["RESOURCE:ENI", { missing: "ENI" }], ["Unable to attach network interface to unused device index"]],
    what: /free network interface/,
    advice: /awsvpcTrunking/,
  },
  {
    code: "attributeMissing",
    texts: [
      ["was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 7c5f1b6d0e7b4f4c8d8c4a1f6e2b9a10 is missing an attribute required by your task."],
      ["ATTRIBUTE"],
    ],
    what: /attribute/,
    advice: /newest ECS agent/,
  },
  {
    code: "constraintUnmet",
    texts: [
      [
        'was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 7c5f1b6d0e7b4f4c8d8c4a1f6e2b9a10 encountered error "MemberOf placement constraint unsatisfied."',
      ],
      ["TaskFailedToStart: MemberOf placement constraint unsatisfied"],
    ],
    what: /placement constraint/,
    advice: /placementConstraints/,
  },
  {
    code: "noInstances",
    texts: [
      ["was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster."],
      ["No Container Instances were found in your capacity provider."],
    ],
    what: /no container instance/,
    advice: /^check the Auto Scaling group/,
  },
  {
    code: "agentDisconnected",
    texts: [
      ['was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 7c5f1b6d0e7b4f4c8d8c4a1f6e2b9a10 encountered error "AGENT".'],
      ["AGENT"],
    ],
    what: /ECS agent/,
    advice: /^restart the agent/,
  },
  {
    code: "capacityUnavailable",
    texts: [
      ["Capacity is unavailable at this time. Please try again later or in a different availability zone"],
      ["RESOURCE:FARGATE", { missing: "FARGATE" }],
      [
        "ResourceInitializationError: Unable to launch instance(s) for capacity provider af-image-spot. UnfulfillableCapacity: Unable to fulfill capacity due to your request configuration.",
        { capacityProvider: "af-image-spot" },
      ],
    ],
    what: /no capacity/,
    advice: /^add subnets in other zones/,
  },
  {
    code: "quotaReached",
    texts: [
      ["You’ve reached the limit on the number of vCPUs you can run concurrently", { missing: "vCPUs" }],
      ["The requested MEMORY configuration is above your limit.", { missing: "MEMORY" }],
      [
        "ResourceInitializationError: Unable to launch instance(s) for capacity provider af-image-spot. MaxSpotInstanceCountExceeded: Max spot instance count exceeded.",
        { capacityProvider: "af-image-spot" },
      ],
    ],
    what: /quota/,
    advice: /\braise the quota in Service Quotas/,
  },
  {
    code: "launchDenied",
    texts: [
      [
        "ResourceInitializationError: Unable to launch instance(s) for capacity provider managed-ec2. UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/ecsInfrastructureRole/ECSManagedInstances is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/ecsInstanceRole",
        { capacityProvider: "managed-ec2", action: "iam:PassRole", role: "ecsInfrastructureRole" },
      ],
      [
        "ResourceInitializationError: Unable to launch instance(s) for capacity provider managed-ec2. UnauthorizedOperation: You are not authorized to perform this operation.",
        { capacityProvider: "managed-ec2" },
      ],
    ],
    what: /is not allowed to launch instances of managed-ec2/,
    advice: /^allow .* to (?:role ecsInfrastructureRole|the capacity provider's infrastructure role)$/,
  },
  {
    code: "platformUnfit",
    texts: [
      ["The selected task definition is not compatible with the selected compute strategy"],
      ["The specified platform version does not satisfy the task definition’s required capabilities"],
    ],
    what: /does not fit/,
    advice: /requiresCompatibilities/,
  },
  {
    code: "accountBlocked",
    texts: [["Your account is currently blocked and thus cannot launch any Fargate tasks."], [
      "Your account is currently blocked",
    ]],
    what: /blocked/,
    advice: /AWS Support/,
  },
  {
    code: "spotInterrupted",
    texts: [["Your Spot Task was interrupted."], ["SpotInterruptionError: Spot task interrupted"]],
    what: /Spot/,
    advice: /the release is not to blame$/,
  },
  {
    code: "hostLost",
    texts: [
      ["Host EC2 (instance i-0f6d8a2e3b1c4d5e8) stopped/terminated."],
      ["Host EC2 (instance i-0f6d8a2e3b1c4d5e8) terminated."],
      ["Container instance deregistration forced by user"],
    ],
    what: /host was lost/,
    advice: /the release is not to blame$/,
  },
  {
    code: "hostMaintenance",
    texts: [
      ["ECS is performing maintenance on the underlying infrastructure hosting the task"],
      ["Service web: ECS is performing maintenance on the underlying infrastructure hosting the task"],
    ],
    what: /does maintenance/,
    advice: /the release is not to blame$/,
  },
  {
    code: "throttled",
    texts: [["operations are being throttled on ELB. Will try again later."], ["ThrottlingException: Rate exceeded"]],
    what: /throttled/,
    advice: /^wait/,
  },
  {
    code: "internalError",
    texts: [["InternalError: an error on AWS's side"], ["Internal error."]],
    what: /internal error/,
    advice: /the release is not to blame$/,
  },
];
