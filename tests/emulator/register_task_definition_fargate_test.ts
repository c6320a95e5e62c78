import type { JsonObject } from "./model.ts";
import { app, assertRefused, fargate, NOT_ON_FARGATE, onFargate } from "./small_task_definitions.ts";

const REFUSED_ON_FARGATE: [string, JsonObject, string][] = [
  ["Fargate, bridge", { ...fargate, networkMode: "bridge" }, "Fargate only supports network mode ‘awsvpc’."],
  ["Fargate, default", { ...fargate, networkMode: null }, "Fargate only supports network mode ‘awsvpc’."],
  ["Fargate without cpu", { ...fargate, cpu: null }, "Fargate requires that 'cpu' be defined at the task level."],
  ["Fargate, a pair", { ...fargate, memory: "4096" }, "No Fargate configuration exists for given values."],
  [
    "Fargate, a step",
    { ...fargate, cpu: "8 vCPU", memory: "17 GB" },
    "No Fargate configuration exists for given values.",
  ],
  [
    "Fargate, Windows",
    { ...fargate, cpu: "512", memory: "1024", runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } },
    "No Fargate configuration exists for given values.",
  ],
  [
    "Fargate, large Windows",
    {
      ...fargate,
      cpu: "8192",
      memory: "16384",
      runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_FULL" },
    },
    "No Fargate configuration exists for given values.",
  ],
  ["Fargate, ipcMode", { ...fargate, ipcMode: "task" }, `${NOT_ON_FARGATE} ipcMode`],
  [
    "Fargate, constraints",
    { ...fargate, placementConstraints: [{ type: "memberOf", expression: "e" }] },
    `${NOT_ON_FARGATE} constraints`,
  ],
  [
    "Fargate, a folder of the host",
    { ...fargate, volumes: [{ name: "v", host: { sourcePath: "/var" } }] },
    `${NOT_ON_FARGATE} sourcePath`,
  ],
  [
    "Fargate, a Docker volume",
    { ...fargate, volumes: [{ name: "v", dockerVolumeConfiguration: { scope: "task" } }] },
    `${NOT_ON_FARGATE} dockerVolumeConfiguration`,
  ],
  ["Fargate, devices", onFargate({ linuxParameters: { devices: [{ hostPath: "/d" }] } }), `${NOT_ON_FARGATE} devices`],
  [
    "Fargate, shared memory",
    onFargate({ linuxParameters: { sharedMemorySize: 64 } }),
    `${NOT_ON_FARGATE} sharedMemorySize`,
  ],
  ["Fargate, swap", onFargate({ linuxParameters: { maxSwap: 64 } }), `${NOT_ON_FARGATE} maxSwap`],
  [
    "Fargate, security options",
    onFargate({ dockerSecurityOptions: ["no-new-privileges"] }),
    `${NOT_ON_FARGATE} dockerSecurityOptions`,
  ],
  [
    "Fargate, privileged",
    onFargate({ privileged: true }),
    "Fargate requires that the 'privileged' setting be 'false'.",
  ],
  [
    "Fargate, a capability",
    onFargate({ linuxParameters: { capabilities: { add: ["SYS_PTRACE", "NET_ADMIN"] } } }),
    "NET_ADMIN is not allowed on Fargate.",
  ],
  [
    "Fargate, a GPU",
    onFargate({ resourceRequirements: [{ type: "GPU", value: "1" }] }),
    "Tasks using the Fargate launch type do not support GPU resource requirements.",
  ],
  [
    "Fargate, a log driver",
    onFargate({ logConfiguration: { logDriver: "json-file" } }),
    "json-file is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]",
  ],
  [
    "Fargate, a log without its prefix",
    onFargate({ logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "g", "awslogs-region": "r" } } }),
    "Fargate requires log configuration options to include awslogs-stream-prefix",
  ],
  [
    "Fargate, little ephemeral storage",
    { ...fargate, ephemeralStorage: { sizeInGiB: 20 } },
    "Invalid setting for ephemeral storage. Size must be between 21 GiB and 200 GiB.",
  ],
  [
    "awsvpc, a host's name",
    onFargate({ hostname: "h" }),
    "hostname is not supported on container when networkMode=awsvpc.",
  ],
  [
    "awsvpc, hosts",
    onFargate({ extraHosts: [{ hostname: "h", ipAddress: "10.0.0.1" }] }),
    "Extra hosts are not supported on container when networkMode=awsvpc.",
  ],
  [
    "awsvpc, name servers",
    onFargate({ dnsServers: ["10.0.0.2"] }),
    "DNS servers are not supported on container when networkMode=awsvpc.",
  ],
  [
    "awsvpc, no network",
    onFargate({ disableNetworking: true }),
    "Disable Networking is not supported on container when networkMode=awsvpc.",
  ],
  [
    "Fargate, pidMode",
    { ...fargate, pidMode: "host" },
    "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
  ],
  [
    "Fargate, ECR",
    { ...fargate, containerDefinitions: [{ ...app, image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1" }] },
    "Fargate requires task definition to have execution role ARN to support ECR images.",
  ],
];

for (const [name, input, message] of REFUSED_ON_FARGATE) {
  Deno.test(`RegisterTaskDefinition refuses: ${name}`, () => assertRefused(input, message));
}
