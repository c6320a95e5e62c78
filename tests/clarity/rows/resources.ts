/** Logs, file systems, volumes and networks that a task does not get. */
import { failsToStart } from "../../emulator/behaviours.ts";
import { ROLL_BACK, type Row, TRY_AGAIN } from "../row.ts";
import { ON_EC2 } from "../scene.ts";

const PAGE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html";
const REPORTS = "public reports of ResourceInitializationError on Fargate";
const USER = "arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/0f9de17a6465404e8b1b2356dc13c2f8";
const FILE_SYSTEM = "fs-0e4a39a0b7bb8b885";

export const RESOURCE_ROWS: readonly Row[] = [
  {
    name: "log: the group does not exist (Fargate)",
    source: REPORTS,
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to " +
          "create Cloudwatch log stream: operation error CloudWatch Logs: CreateLogStream, https response error " +
          "StatusCode: 400, RequestID: 1b1c2f3a-77d5-4b57-a3f7-6c1f7c2e9a01, ResourceNotFoundException: The specified " +
          "log group does not exist. : exit status 1",
      ),
    },
    expects: {
      code: "logGroupMissing",
      cause: [/\/ecs\/myservice/, /log group/, /not exist|not found|not there/],
      advice: [/awslogs-create-group|create-log-group/],
      never: [/route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "log: the group does not exist (EC2)",
    source: "github.com/Rayraegah/terraform-aws-hasura, issue 25",
    scene: {
      ...ON_EC2,
      fails: failsToStart("Task failed to start", {}, [{
        reason:
          "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to " +
          "create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. status code: 400",
      }]),
    },
    expects: {
      code: "logGroupMissing",
      container: "app",
      cause: [/\/ecs\/myservice/, /log group/, /not exist|not found|not there/],
      advice: [/awslogs-create-group|create-log-group/],
      never: [/entryPoint/],
      next: ROLL_BACK,
    },
  },
  {
    name: "log: no way to CloudWatch Logs",
    source: `${REPORTS} (signal: killed)`,
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log " +
          "group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. " +
          "Check your network configuration. : signal: killed",
      ),
    },
    expects: {
      code: "logUnreachable",
      cause: [/CloudWatch/, /reach|connect|network/],
      advice: [/NAT|VPC endpoint/],
      never: [/awslogs-create-group/, /create-log-group/],
      next: ROLL_BACK,
    },
  },
  {
    name: "log: the role may not write",
    source: `${REPORTS} (logs:CreateLogStream)`,
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to " +
          "create Cloudwatch log stream: operation error CloudWatch Logs: CreateLogStream, https response error " +
          `StatusCode: 400, RequestID: b8ee5906-7f22-428c-965d-4295d8bd9e92, api error AccessDeniedException: User: ${USER} ` +
          "is not authorized to perform: logs:CreateLogStream on resource: " +
          "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/myservice:log-stream: because no identity-based " +
          "policy allows the logs:CreateLogStream action",
      ),
    },
    expects: {
      code: "logDenied",
      cause: [/ecsTaskExecutionRole/, /logs:CreateLogStream/],
      never: [/awslogs-create-group/, /route to/],
      next: ROLL_BACK,
    },
  },
  {
    name: "EFS: its name is not resolved",
    source: PAGE,
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to " +
          `resolve "${FILE_SYSTEM}.efs.ap-northeast-1.amazonaws.com" - check that your file system ID is correct, and ` +
          "ensure that the VPC has an EFS mount target for this file system ID. See " +
          "https://docs.aws.amazon.com/console/efs/mount-dns-name for more detail.",
      ),
    },
    expects: {
      code: "efsNotResolved",
      cause: [new RegExp(FILE_SYSTEM)],
      advice: [/mount target/],
      never: [/log group/, /execution role/],
      next: ROLL_BACK,
    },
  },
  {
    name: "EFS: mounting timed out",
    source: `${REPORTS} (mount.nfs4)`,
    scene: {
      fails: failsToStart(
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Mount attempt " +
          "1/3 failed due to timeout after 15 sec, wait 0 sec before next attempt. Mount attempt 2/3 failed due to " +
          "timeout after 15 sec, wait 0 sec before next attempt. b'mount.nfs4: mount system call failed'",
      ),
    },
    expects: {
      code: "efsUnreachable",
      cause: [/EFS/, /time|reach|connect/],
      advice: [/2049/, /security group/i],
      never: [/log group/, /execution role/],
      next: ROLL_BACK,
    },
  },
  {
    name: "EBS: no trust in the infrastructure role",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-ebs-volumes.html, status reasons",
    scene: {
      fails: failsToStart(
        "ECS was unable to assume the configured ECS Infrastructure Role 'arn:aws:iam::123456789012:role/ecsInfrastructureRole'. " +
          "Please verify that the role being passed has the proper trust relationship with Amazon ECS",
      ),
    },
    expects: {
      code: ["ebsDenied", "roleNotAssumed"],
      cause: [/ecsInfrastructureRole/],
      advice: [/trust/, /ecs\.amazonaws\.com/],
      never: [/ecs-tasks\.amazonaws\.com/],
      next: ROLL_BACK,
    },
  },
  {
    name: "EBS: attaching timed out",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-ebs-volumes.html, status reasons",
    scene: { fails: failsToStart("ECS timed out while configuring the EBS volume attachment to your Task") },
    expects: {
      code: "ebsNotAttached",
      cause: [/EBS/, /attach/],
      advice: [/file ?system|zone|quota/i],
      never: [/execution role/],
      next: ROLL_BACK,
    },
  },
  {
    name: "network: the interface took too long",
    source: "public reports, the same words since 2020; retried by dagster and Airflow",
    scene: { fails: failsToStart("Timeout waiting for network interface provisioning to complete.") },
    expects: {
      code: "networkInterface",
      cause: [/network interface/],
      never: [/execution role/, /log group/, /cpu or memory/],
      next: TRY_AGAIN,
      isOfPlatform: true,
    },
  },
  {
    name: "network: the subnet is full",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/failed-to-start-error.html",
    scene: {
      fails: failsToStart(
        "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-0a1b2c3d4e5f60718': " +
          "InsufficientFreeAddressesInSubnet",
      ),
    },
    expects: {
      code: "subnetFull",
      cause: [/subnet-0a1b2c3d4e5f60718/, /address/],
      advice: [/subnet/],
      never: [/\bcpu\b/i, /memory/i],
      next: TRY_AGAIN,
    },
  },
  {
    name: "network: the subnet is full, with public addresses",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/failed-to-start-error.html",
    scene: {
      fails: failsToStart(
        "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet " +
          "'subnet-1a2b3c4d5e6f70819': InsufficientFreeAddressesInSubnet",
      ),
    },
    expects: {
      code: "subnetFull",
      cause: [/subnet-1a2b3c4d5e6f70819/, /address/],
      never: [/\bcpu\b/i, /memory/i],
      next: TRY_AGAIN,
    },
  },
];
