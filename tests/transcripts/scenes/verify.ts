import { DEFINITION_FILES } from "../../definition_files.ts";
import { accessDenied, dropBefore } from "../../emulator/faults.ts";
import { ACCESS_POINT, FILE_SYSTEM, mounting } from "../../emulator/mounting.ts";
import { imageOf, myservice, taskDefinition } from "../../emulator/myservice.ts";
import { KEY, neededDeeply } from "../../emulator/needed_deeply.ts";
import { needingMore } from "../../emulator/needing_more.ts";
import type { Scene } from "../scene.ts";
import { IN_REGION, NO_FILES, withFiles, WITHOUT_SERVICE } from "./files.ts";
import { API_KEY, changed, faulty, LOAD_BALANCER, threeServices } from "./worlds.ts";

/** A task definition that writes to a log group, and gets keys of secrets. */
const VERIFIED = {
  ...DEFINITION_FILES,
  "ecs-task-def.json": JSON.stringify({
    family: "myservice",
    taskRoleArn: "arn:aws:iam::123456789012:role/myservice-task",
    containerDefinitions: [{
      name: "app",
      image: imageOf(4),
      portMappings: [{ containerPort: 80 }],
      secrets: [
        { name: "USER", valueFrom: `${API_KEY}:user::` },
        { name: "PASSWORD", valueFrom: `${API_KEY}:password::` },
        { name: "URL", valueFrom: `${API_KEY.replace("api_key", "database_url")}:url::` },
      ],
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/ecs/app" } },
    }],
  }),
};

export const VERIFY_SCENES: Readonly<Record<string, Scene>> = {
  "named_verify": { args: "verify --service myservice --region ap-northeast-1", options: NO_FILES },
  "named_verify_missing": { args: "verify --service yourservice --region ap-northeast-1", options: NO_FILES },
  "many_verify": {
    args: "verify --service *",
    world: () => changed((emulator) => emulator.setImage(imageOf(4), false), threeServices()),
    options: IN_REGION,
  },
  "many_verify_revision": { args: "verify --service * --revision 3", world: threeServices, options: IN_REGION },
  "assume_role_verify": {
    args: "verify --revision 3 --assume-role-arn arn:aws:iam::123456789012:role/deploy-other",
  },
  "verify": { args: "verify", options: withFiles(DEFINITION_FILES) },
  "verify_revision": {
    args: "verify --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.setImage(imageOf(3), false);
        emulator.setSecret("myservice/api_key", false);
        emulator.setRole("ecsTaskExecutionRole", null);
      }, myservice()),
  },
  "verify_not_allowed": {
    args: "verify --revision 3",
    world: () => faulty("DescribeImages", accessDenied("ecr")),
  },
  "verify_elsewhere": {
    args: "verify",
    options: {
      files: {
        ...DEFINITION_FILES,
        "ecs-task-def.json": JSON.stringify({
          family: "myservice",
          containerDefinitions: [{
            name: "app",
            image: "public.ecr.aws/nginx/nginx:1",
            secrets: [{ name: "A", valueFrom: "/myservice/a" }, { name: "B", valueFrom: "/myservice/b" }],
          }],
        }),
      },
    },
    world: () => changed((emulator) => emulator.setParameter("/myservice/a", "1"), myservice()),
  },
  "verify_of_no_use": {
    args: "verify",
    world: () =>
      changed((emulator) => {
        emulator.setRole("myservice-task", "ec2.amazonaws.com");
        emulator.setTargetGroup(LOAD_BALANCER.targetGroupArn, "instance");
        emulator.setSecret("myservice/api_key", '{"user":"s3cret"}');
        emulator.setSecret("myservice/database_url", "s3cret");
      }, myservice()),
    options: withFiles({
      ...VERIFIED,
      "ecs-service-def.json": DEFINITION_FILES["ecs-service-def.json"]!.replace(
        "{",
        `{ "loadBalancers": ${JSON.stringify([{ ...LOAD_BALANCER, containerName: "web" }, LOAD_BALANCER])},`,
      ),
    }),
  },
  "verify_versions_and_files": {
    args: "verify --revision 5",
    world: () => needingMore({ without: ["stage", "file", "parameterVersion"] }),
  },
  "verify_volumes": {
    args: "verify --revision 5",
    world: () =>
      mounting((emulator) => {
        emulator.setFileSystem(FILE_SYSTEM, { state: "deleting" });
        emulator.setAccessPoint(ACCESS_POINT, "fs-1a2b3c4d");
      }),
  },
  "verify_volumes_gone": { args: "verify --revision 5", world: () => mounting(() => {}) },
  "verify_pull_through_cache": {
    args: "verify --revision 5",
    world: () => {
      const emulator = changed((emulator) => emulator.setPullThroughCacheRule("docker-hub"), myservice());
      emulator.registerTaskDefinition(taskDefinition(5, imageOf(1).replace("/myservice", "/docker-hub/nginx")));
      return emulator;
    },
  },
  "verify_deep": { args: "verify --revision 5 --deep", world: () => neededDeeply(() => {}) },
  "verify_deep_file": { args: "verify --deep", options: withFiles(DEFINITION_FILES) },
  "verify_deep_not_fit": {
    args: "verify --revision 5 --deep",
    world: () =>
      neededDeeply((emulator) => {
        emulator.setKey(KEY, "PendingDeletion");
        emulator.setSubnet("subnet-0a1b2c3d4e5f60718", { freeAddresses: 1 });
        emulator.setSubnet("subnet-1a2b3c4d5e6f70819", null);
        emulator.setRolePolicy("ecsTaskExecutionRole", {
          policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "ecr:*", Resource: "*" }] },
          denied: ["s3:GetObject"],
          conditionOf: { "ssm:GetParameters": "aws:SourceVpce" },
        });
      }),
  },
  "verify_deep_not_allowed": {
    args: "verify --revision 5 --deep",
    world: () =>
      neededDeeply((emulator) =>
        emulator.authorize({
          Version: "2012-10-17",
          Statement: [{
            Effect: "Allow",
            Action: ["ecs:*", "iam:GetRole", "ecr:*", "s3:*", "logs:*", "secretsmanager:*", "ssm:GetParameter"],
            Resource: "*",
          }],
        })
      ),
  },
  "verify_files_not_allowed": {
    args: "verify --revision 5",
    world: () => faulty("HeadObject", accessDenied("s3"), Infinity, needingMore()),
  },
  "verify_values_not_allowed": {
    args: "verify",
    world: () => faulty("GetSecretValue", accessDenied("secretsmanager"), Infinity, myservice()),
    options: withFiles({ ...VERIFIED, "ecs-service-def.json": DEFINITION_FILES["ecs-service-def.json"]! }),
  },
  "verify_nothing_allowed": {
    args: "verify",
    world: () =>
      changed((emulator) => {
        emulator.authorize({ Version: "2012-10-17", Statement: [] });
      }, myservice()),
    options: withFiles(DEFINITION_FILES),
  },
  "verify_unreachable": {
    args: "verify",
    world: () => faulty("DescribeSecret", dropBefore(), Infinity, myservice()),
    options: withFiles(DEFINITION_FILES),
  },
  "verify_public_image": {
    args: "verify",
    options: withFiles({
      ...WITHOUT_SERVICE,
      "ecs-task-def.json": '{"family": "web", "containerDefinitions": [{"name": "web", "image": "nginx:1"}]}',
    }),
  },
  "verify_unknown": { args: "verify --revision 9" },
  "untrusted_verify": {
    args: "verify --untrusted",
    options: withFiles({ ...VERIFIED, "ecs-service-def.json": DEFINITION_FILES["ecs-service-def.json"]! }),
  },
  "help_verify": { args: "verify --help" },
};
