import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/model/json.ts";
import { findFargatePermissions, findReadPermissions } from "../../../src/registry/required_permissions.ts";
import { findReferences } from "../../../src/registry/find_references.ts";

const PLACE = { partition: "aws", region: "eu-west-1", accountId: "123456789012" };
const DEFINITION: JsonObject = {
  requiresCompatibilities: ["FARGATE"],
  containerDefinitions: [
    {
      name: "app",
      image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1",
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": "/ecs/app", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "web" },
      },
    },
    { name: "proxy", image: "public.ecr.aws/nginx:1", logConfiguration: { logDriver: "awsfirelens" } },
  ],
};

const requirementsOf = (definition: JsonObject) =>
  findFargatePermissions(definition, findReferences(definition), PLACE);

Deno.test("on Fargate the execution role pulls images and writes logs", () => {
  const repository = "arn:aws:ecr:eu-west-1:123456789012:repository/team/app";
  const stream = "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/app:log-stream:web/app/*";
  assert.deepEqual(requirementsOf(DEFINITION), [
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"], mayBeGrantedByResource: false },
    {
      actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [repository],
      mayBeGrantedByResource: true,
    },
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [stream], mayBeGrantedByResource: false },
  ]);
  assert.deepEqual(requirementsOf({ ...DEFINITION, containerDefinitions: [{ name: "app", image: "nginx:1" }] }), []);
});

Deno.test("on instances their agent does that by a role of its own", () => {
  for (const requiresCompatibilities of [["EC2"], ["EC2", "FARGATE"], []]) {
    assert.deepEqual(requirementsOf({ ...DEFINITION, requiresCompatibilities }), []);
  }
});

Deno.test("files, parameters and secrets are read by the execution role everywhere, each named once", () => {
  const file = { kind: "file", name: "arn:aws:s3:::configs/app.env", bucket: "configs", key: "app.env" } as const;
  assert.deepEqual(findReadPermissions([file, file], { secrets: ["arn:s", "arn:s"], parameters: ["arn:p"] }), [
    { actions: ["secretsmanager:GetSecretValue"], resources: ["arn:s"], mayBeGrantedByResource: true },
    { actions: ["ssm:GetParameters"], resources: ["arn:p"], mayBeGrantedByResource: false },
    { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::configs/app.env"], mayBeGrantedByResource: true },
  ]);
  assert.deepEqual(findReadPermissions([], { secrets: [], parameters: [] }), []);
});
