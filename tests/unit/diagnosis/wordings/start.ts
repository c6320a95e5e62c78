import type { Wordings } from "../wordings.ts";

const OCI =
  "CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim " +
  "task: OCI runtime create failed: runc create failed: unable to start container process: ";

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
