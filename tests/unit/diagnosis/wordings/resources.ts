import { USER, type Wordings } from "../wordings.ts";

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
