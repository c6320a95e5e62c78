/** The files of a team that deploys the emulator's `myservice`: what they say is what revision 4 is and runs as. */

const REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";

const CONFIG = `region: ap-northeast-1
cluster: default
service: myservice
service_definition: ecs-service-def.json
task_definition: ecs-task-def.json
timeout: 10m
`;

const SERVICE = `{
  "launchType": "FARGATE",
  "platformVersion": "1.4.0",
  "networkConfiguration": {
    "awsvpcConfiguration": {
      "subnets": ["subnet-0a1b2c3d4e5f60718", "subnet-1a2b3c4d5e6f70819"],
      "securityGroups": ["sg-0123456789abcdef0"]
    }
  }
}
`;

const TASK = `{
  "family": "myservice",
  "requiresCompatibilities": ["FARGATE"],
  "networkMode": "awsvpc",
  "cpu": "512",
  "memory": "1024",
  "executionRoleArn": "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
  "taskRoleArn": "arn:aws:iam::123456789012:role/myservice-task",
  "containerDefinitions": [
    {
      "name": "app",
      "image": "${REGISTRY}/myservice:{{ env \`TAG\` \`1.3.0\` }}",
      "essential": true,
      "portMappings": [{ "containerPort": 8080 }],
      "environment": [
        { "name": "LOG_LEVEL", "value": "debug" },
        { "name": "WORKERS", "value": "4" },
        { "name": "CACHE_URL", "value": "redis://cache.internal:6379" }
      ],
      "secrets": [
        {
          "name": "DATABASE_URL",
          "valueFrom": "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/database_url"
        }
      ]
    }
  ]
}
`;

export const DEFINITION_FILES: Readonly<Record<string, string>> = {
  "ecspresso.yml": CONFIG,
  "ecs-service-def.json": SERVICE,
  "ecs-task-def.json": TASK,
};

/** The same files, with some text in one of them replaced. Throws when it is not there. */
export function changedFiles(name: string, search: string, replacement: string): Record<string, string> {
  const text = DEFINITION_FILES[name];
  if (text === undefined || !text.includes(search)) throw new Error(`${name} has no ${search}`);
  return { ...DEFINITION_FILES, [name]: text.replace(search, replacement) };
}
