import type { Wordings } from "./wordings.ts";

const USER = "User: arn:aws:sts::123456789012:assumed-role/web-execution/4f1e2d3c";
const GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/55a4";
const OCI =
  "CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim " +
  "task: OCI runtime create failed: runc create failed: unable to start container process: ";

export const RESOURCE_WORDINGS: readonly Wordings[] = [
  {
    code: "logGroupMissing",
    texts: [
      ["ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1"],
      ["CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist."],
    ],
    what: /log group does not exist/,
    advice: /^set awslogs-create-group to true, or create it: aws logs create-log-group/,
  },
  {
    code: "logDenied",
    texts: [
      [
        `ResourceInitializationError: failed to validate logger args: AccessDeniedException: ${USER} is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/web:log-stream:`,
        { role: "web-execution", action: "logs:CreateLogGroup" },
      ],
      [
        `CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: AccessDeniedException: ${USER} is not authorized to perform: logs:CreateLogStream on resource: arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/web`,
        { role: "web-execution", action: "logs:CreateLogStream" },
      ],
    ],
    what: /^role web-execution is not allowed to write/,
    advice: /^allow logs:CreateLog\w+ to role web-execution$/,
  },
  {
    code: "logUnreachable",
    texts: [
      ["ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. signal: killed"],
      ["CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post https://logs.ap-northeast-1.amazonaws.com/: dial tcp 52.119.1.1:443: i/o timeout"],
    ],
    what: /^the tasks cannot reach CloudWatch Logs/,
    advice: /NAT gateway.*VPC endpoints \(logs\)/,
  },
  {
    code: "logConfigInvalid",
    texts: [
      ["ResourceInitializationError: failed to validate logger args: unable to get awslogs driver arguments: awslogs-region is required"],
      ["CannotStartContainerError: Error response from daemon: failed to initialize logging driver: unknown log opt 'awslogs-foo' for awslogs log driver"],
    ],
    what: /logConfiguration is not valid/,
    advice: /option of logConfiguration/,
  },
  {
    code: "logNotReady",
    texts: [
      ["ResourceInitializationError: failed to initialize logging driver: a new trouble"],
      ["ResourceInitializationError: failed to validate logger args: exit status 1"],
    ],
    what: /log of .* could not be set up/,
    advice: undefined,
  },
  {
    code: "efsNotMounted",
    // As public reports give it, the second without its first half: cn-terraform/terraform-aws-jenkins, issue 23.
    texts: [
      ["ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes"],
      [
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Attempting to " +
        "lookup mount target ip address using botocore. Failed to import necessary dependency botocore, please install " +
        "botocore first. : unsuccessful EFS utils command execution; code: 1",
      ],
    ],
    what: /^the EFS file system could not be mounted$/,
    advice: undefined,
  },
  {
    code: "volumeNotReady",
    // aws/containers-roadmap, issues 1425 and 2599.
    texts: [
      [
        "CannotCreateVolumeError: unable to copy contents to volume on host: containerd: failed to get image reference: " +
        "context deadline exceeded",
      ],
      [
        "CannotCreateVolumeError: unable mirror /var/lib/two/volumes/4961892b/volumes/vf-2902674043 to " +
        "/var/lib/two/volumes/4961892b/volumes/v_sns: failed to copy existing contents to task volume unable to copy contents " +
        "from the image",
      ],
    ],
    what: /^a volume could not be set up$/,
    advice: undefined,
  },
  {
    code: "serviceConnect",
    // https://github.com/aws/amazon-ecs-agent/blob/master/agent/serviceconnect/validator.go
    texts: [
      ["service connect container name=ecs-service-connect-7Kd2 does not exist in the task"],
      ["no service connect DNS config. The DNS config is required when the egress config exists"],
    ],
    what: /^Service Connect could not be set up$/,
    advice: /serviceConnectConfiguration.*namespace.*port names/,
  },
  {
    code: "efsUnreachable",
    texts: [
      ["ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Mount attempt 1/3 failed due to timeout after 15 sec, wait 0 sec before next attempt. b'mount.nfs4: mount system call failed'"],
      ["ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: Connection timed out' : unsuccessful EFS utils command execution; code: 32"],
    ],
    what: /does not answer/,
    advice: /port 2049.*mount target/,
  },
  {
    code: "efsNotResolved",
    texts: [
      [
        'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to resolve "fs-0e4a39a0b7bb8b885.efs.us-east-1.amazonaws.com" - check that your file system ID is correct, and ensure that the VPC has an EFS mount target for this file system ID.',
        { fileSystem: "fs-0e4a39a0b7bb8b885" },
      ],
      [
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: mount.nfs4: Failed to resolve server fs-0e4a39a0b7bb8b885.efs.us-east-1.amazonaws.com: Name or service not known",
        { fileSystem: "fs-0e4a39a0b7bb8b885" },
      ],
    ],
    what: /DNS does not know EFS fs-0e4a39a0b7bb8b885/,
    advice: /mount target in the task's zone.*enableDnsHostnames/,
  },
  {
    code: "efsDenied",
    texts: [
      ["ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' : unsuccessful EFS utils command execution; code: 32"],
      ["ResourceInitializationError: failed to invoke EFS utils commands: fsap-0ddee9c49e40c60b9: Permission denied"],
    ],
    what: /denies access/,
    advice: /elasticfilesystem:ClientMount.*task role/,
  },
  {
    code: "efsPathMissing",
    texts: [
      [
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: mounting fs-0e4a39a0b7bb8b885.efs.us-east-1.amazonaws.com:/data failed, reason given by server: No such file or directory'",
        { fileSystem: "fs-0e4a39a0b7bb8b885" },
      ],
      ["ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: mount.nfs4: mounting 127.0.0.1:/wp-content failed: No such file or directory"],
    ],
    what: /folder to mount does not exist/,
    advice: /rootDirectory/,
  },
  {
    code: "ebsDenied",
    texts: [
      [
        "ECS was unable to assume the configured ECS Infrastructure Role 'arn:aws:iam::123456789012:role/ecsInfrastructureRole'. Please verify that the role being passed has the proper trust relationship with Amazon ECS",
        { role: "arn:aws:iam::123456789012:role/ecsInfrastructureRole" },
      ],
      ["ECS failed to set up the EBS volume. Encountered UnauthorizedOperation: You are not authorized to perform this operation."],
    ],
    what: /is not allowed to create the EBS volume with (?:role ecsInfrastructureRole|its infrastructure role)/,
    advice: /ecs\.amazonaws\.com/,
  },
  {
    code: "ebsNotAttached",
    texts: [
      ["ECS timed out while configuring the EBS volume attachment to your Task"],
      ['ECS failed to set up the EBS volume. Encountered IdempotentParameterMismatch"; "The client token you have provided is associated with a resource that is already deleted. Please use a different client token."'],
    ],
    what: /EBS volume was not attached/,
    advice: /KMS key, snapshot, file system type/,
  },
  {
    code: "subnetFull",
    texts: [
      [
        "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-0a8ba0a09aaffa2f7': InsufficientFreeAddressesInSubnet",
        { subnet: "subnet-0a8ba0a09aaffa2f7" },
      ],
      [
        "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-0a8ba0a09aaffa2f7'",
        { subnet: "subnet-0a8ba0a09aaffa2f7" },
      ],
    ],
    what: /^subnet-0a8ba0a09aaffa2f7 has no free address/,
    advice: /^stop what is not needed in \S+, to free addresses \(or deploy instead, with a larger subnet/,
  },
  {
    code: "networkInterface",
    texts: [
      ["Timeout waiting for network interface provisioning to complete."],
      ["Network interface provision complete error timeout wait for network interface provision."],
      ["Unexpected EC2 error while attempting to attach network interface to instance"],
      ["ResourceInitializationError: failed to configure ENI: failed to setup regular eni: netplugin failed with no error message"],
    ],
    what: /EC2 did not provide/,
    advice: /^wait.*quota of network interfaces/,
  },
  {
    code: "networkDenied",
    texts: [
      ["Unexpected EC2 error while attempting to tag the network interface: TagPolicyViolation"],
      [
        "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-0a8ba0a09aaffa2f7': AuthFailure",
        { subnet: "subnet-0a8ba0a09aaffa2f7" },
      ],
    ],
    what: /ECS is not allowed to create/,
    advice: /policy/,
  },
  {
    code: "networkMissing",
    texts: [
      [
        "Unexpected EC2 error while attempting to Create Network Interface: InvalidSubnetID.NotFound: The subnet ID 'subnet-0a8ba0a09aaffa2f7' does not exist",
        { subnet: "subnet-0a8ba0a09aaffa2f7" },
      ],
      ["Unexpected EC2 error while attempting to Create Network Interface: InvalidGroup.NotFound: The security group 'sg-0123456789abcdef0' does not exist"],
    ],
    what: /does not exist/,
    advice: /networkConfiguration/,
  },
  {
    code: "credentialSpec",
    texts: [
      [
        "ResourceInitializationError: failed to retrieve credentials for domainless gMSA user arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:gmsa-AbCdEf: AccessDeniedException",
        { secret: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:gmsa-AbCdEf" },
      ],
      ["failed to create kerberos tickets associated service account WebApp01: rpc error: code = Unknown"],
    ],
    what: /gMSA credentials/,
    advice: /credentialSpecs/,
  },
  {
    code: "resourceNotReady",
    texts: [
      ["ResourceInitializationError: a resource that nobody has heard of"],
      ["ResourceInitializationError: failed to do something else"],
    ],
    what: /could not be set up/,
    advice: undefined,
  },
];

export const START_WORDINGS: readonly Wordings[] = [
  {
    code: "commandNotFound",
    texts: [
      [`${OCI}exec: "myapp": executable file not found in $PATH: unknown`, { file: "myapp" }],
      [`${OCI}exec: "/usr/local/env-execute": stat /usr/local/env-execute: no such file or directory: unknown`, {
        file: "/usr/local/env-execute",
      }],
    ],
    what: /^(?:myapp|\/usr\/local\/env-execute) not found in /,
    advice: /entryPoint and command/,
  },
  {
    code: "commandNotExecutable",
    texts: [
      [`${OCI}exec: "./docker_entrypoint.sh": permission denied: unknown`, { file: "./docker_entrypoint.sh" }],
      [
        'CannotStartContainerError: OCI runtime create failed: container_linux.go:370: starting container process caused: exec: "/opt/entrypoint.sh": permission denied: unknown',
        { file: "/opt/entrypoint.sh" },
      ],
    ],
    what: /is not allowed to run (?:\.\/docker_entrypoint\.sh|\/opt\/entrypoint\.sh)/,
    advice: /chmod \+x/,
  },
  {
    code: "workingDirectory",
    texts: [
      [
        `${OCI}error during container init: exec: "node": chdir to cwd ("/app") set in config.json failed: no such file or directory: unknown`,
        { file: "node" },
      ],
      ['CannotStartContainerError: OCI runtime create failed: runc create failed: chdir to cwd ("/srv") set in config.json failed: permission denied'],
    ],
    what: /no such working directory/,
    advice: /workingDirectory/,
  },
  {
    code: "mountInvalid",
    texts: [
      ['CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/var/lib/x/api" to rootfs at "/MyApp/Appsettings.json": not a directory'],
      ['CannotCreateContainerError: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /data'],
    ],
    what: /cannot be mounted/,
    advice: /mountPoints/,
  },
  {
    code: "userMissing",
    texts: [
      ["CannotStartContainerError: Error response from daemon: unable to find user web: no matching entries in passwd file"],
      [`${OCI}unable to find group app: no matching entries in group file`],
    ],
    what: /a user that the image does not have/,
    advice: /correct user/,
  },
  {
    code: "hostPortTaken",
    texts: [
      [
        "CannotStartContainerError: Error response from daemon: driver failed programming external connectivity on endpoint ecs-web-1: Bind for 0.0.0.0:8080 failed: port is already allocated",
        { port: 8080 },
      ],
      [
        "CannotStartContainerError: Error response from daemon: driver failed programming external connectivity on endpoint ecs-web-1: Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use",
        { port: 80 },
      ],
    ],
    what: /in use on the instance/,
    advice: /hostPort/,
  },
  {
    code: "deviceMissing",
    texts: [
      [
        'CannotStartContainerError: Error response from daemon: error gathering device information while adding custom device "/dev/dri/renderD130": no such file or directory',
        { file: "/dev/dri/renderD130" },
      ],
      ["CannotStartContainerError: Error response from daemon: failed to create shim task: OCI runtime create failed: error running hook #0: Auto-detected mode as 'legacy' nvidia-container-cli: initialization error: load library failed"],
    ],
    what: /lacks a device/,
    advice: /GPU-optimized AMI/,
  },
  {
    code: "startTimedOut",
    texts: [
      ["DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s"],
      ["ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m: context deadline"],
    ],
    what: /not started in time/,
    advice: /overloaded/,
  },
  {
    code: "containerNotStarted",
    texts: [
      ["CannotStartContainerError: failed to get container status: unknown"],
      ["CannotCreateContainerError: a trouble that nobody has seen"],
    ],
    what: /could not be started/,
    advice: undefined,
  },
  {
    code: "dependencyFailed",
    texts: [
      ["TaskDependencyError: Task dependencies cannot be resolved, taskArn: arn:aws:ecs:ap-northeast-1:123456789012:task/default/0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6"],
      ["dependency graph: failed to resolve container ordering dependency [{migrate SUCCESS}] for target [app] as dependency did not exit successfully."],
    ],
    what: /dependsOn/,
    advice: /^read the log of (?:app|the container)/,
  },
  {
    code: "outOfMemory",
    texts: [
      ["OutOfMemoryError: Container killed due to memory usage"],
      ["OutOfMemoryError: container was OOM-killed, memory limit 512 MiB"],
    ],
    what: /ran out of memory/,
    advice: /^raise memory/,
  },
];

export const HEALTH_WORDINGS: readonly Wordings[] = [
  {
    code: "containerUnhealthy",
    texts: [["Task failed container health checks"], [
      "(task 0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6) failed container health checks.",
    ]],
    what: /failed its container health check/,
    advice: /healthCheck\.command.*startPeriod/,
  },
  {
    code: "targetUnhealthy",
    texts: [
      [`Task failed ELB health checks in (target-group ${GROUP})`, { targetGroup: GROUP }],
      [
        `(task 0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6) (port 8080) is unhealthy in (target-group ${GROUP}) due to (reason Health checks failed with these codes: [404])`,
        { targetGroup: GROUP, port: 8080, answer: "404" },
      ],
      [
        `(task 0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6) (port 8080) is unhealthy in (target-group ${GROUP}) due to (reason Request timed out)`,
        { targetGroup: GROUP, port: 8080, answer: "timeout" },
      ],
      [
        "(instance i-0f6d8a2e3b1c4d5e8) is unhealthy in (elb web) due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)",
        { targetGroup: "web" },
      ],
    ],
    what: /(?:failed|did not answer|answered) the load balancer's health check/,
    advice: /target group web|0\.0\.0\.0:8080/,
  },
];

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
