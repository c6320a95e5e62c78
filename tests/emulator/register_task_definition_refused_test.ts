import type { JsonObject } from "./model.ts";
import { app, assertRefused, ofContainers, ROLE, side } from "./small_task_definitions.ts";

const REFUSED: [string, JsonObject, string][] = [
  ["empty tags", { ...ofContainers(app), tags: [] }, "Tags can not be empty."],
  ["an empty role", { ...ofContainers(app), taskRoleArn: "" }, "Role is not valid"],
  ["an empty execution role", { ...ofContainers(app), executionRoleArn: "" }, "Role is not valid"],
  ["no image", ofContainers({ ...app, image: "" }), "Container.image should not be null or empty."],
  ["two of a name", ofContainers(app, app), "Container names must be unique within a task definition."],
  [
    "no memory",
    ofContainers({ name: "app", image: "i" }),
    "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
  ],
  [
    "nothing essential",
    ofContainers({ ...app, essential: false }),
    "Task definition doesn't have any essential container.",
  ],
  ["no such volume", ofContainers({ ...app, mountPoints: [{ sourceVolume: "v" }] }), "Unknown volume 'v'."],
  [
    "no such dependency",
    ofContainers({ ...app, dependsOn: [{ containerName: "db", condition: "START" }] }),
    "Cannot depend on container + 'db' because it does not exist",
  ],
  [
    "the end of an essential container",
    ofContainers({ ...app, dependsOn: [{ containerName: "side", condition: "SUCCESS" }] }, {
      ...side,
      essential: true,
    }),
    "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
  ],
  [
    "another port of the host",
    { ...ofContainers({ ...app, portMappings: [{ containerPort: 80, hostPort: 8080 }] }), networkMode: "awsvpc" },
    "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
  ],
  [
    "no port",
    ofContainers({ ...app, portMappings: [{ hostPort: 80 }] }),
    "Invalid 'containerPort' setting for container 'app'.",
  ],
  [
    "a port of the host twice",
    ofContainers(
      { ...app, portMappings: [{ containerPort: 80, hostPort: 80 }] },
      { ...side, portMappings: [{ containerPort: 81, hostPort: 80 }] },
    ),
    "TCP host port '80' is mapped multiple times in task.",
  ],
  [
    "a name of a port twice",
    ofContainers({ ...app, portMappings: [{ containerPort: 80, name: "p" }, { containerPort: 81, name: "p" }] }),
    "Port mapping names must be unique within a task definition.",
  ],
  [
    "secrets without a role",
    ofContainers({ ...app, secrets: [{ name: "A", valueFrom: "/a" }] }),
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  ],
  [
    "a secret of a variable's name",
    {
      ...ofContainers({
        ...app,
        secrets: [{ name: "A", valueFrom: "/a" }],
        environment: [{ name: "A", value: "1" }],
      }),
      executionRoleArn: ROLE,
    },
    "The secret name must be unique and not shared with any new or existing environment variables set on the " +
    "container, such as 'A'.",
  ],
  [
    "a log without its group",
    ofContainers({ ...app, logConfiguration: { logDriver: "awslogs", options: { "awslogs-region": "x" } } }),
    "Log driver awslogs requires options: awslogs-group",
  ],
  ["no size", { ...ofContainers(app), cpu: "much" }, "Invalid 'cpu' setting for task."],
  [
    "more than the task has",
    { ...ofContainers({ ...app, cpu: 512 }), cpu: "256" },
    "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
  ],
  [
    "ephemeral storage on EC2",
    { ...ofContainers(app), ephemeralStorage: { sizeInGiB: 30 } },
    "Tasks using the EC2 launch type do not support EphemeralStorage.",
  ],
  [
    "a port and a range",
    ofContainers({ ...app, portMappings: [{ containerPort: 80, containerPortRange: "80-90" }] }),
    "cannot specify both single port and port range",
  ],
  [
    "more memory reserved than there is",
    ofContainers({ ...app, memoryReservation: 256 }),
    "Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
  ],
  [
    "more memory than the task has",
    { ...ofContainers({ ...app, memory: 1024 }), memory: "0.5 GB" },
    "The 'memory' setting for container 'app' is greater than for the task.",
  ],
  [
    "a health check that is too frequent",
    ofContainers({ ...app, healthCheck: { command: ["CMD", "true"], interval: 1 } }),
    "Container 'app': healthCheck.interval must be between 5 and 300.",
  ],
];

for (const [name, input, message] of REFUSED) {
  Deno.test(`RegisterTaskDefinition refuses: ${name}`, () => assertRefused(input, message));
}
