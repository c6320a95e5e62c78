import { DEFINITION_FILES } from "../definition_files.ts";
import {
  CONFIG,
  KEYS,
  lookUp,
  NO_KEYS,
  type Power,
  script,
  SECRET,
  SECRET_ARN,
  setVariable,
  task,
  TASK_CONFIG,
} from "./planted.ts";

export const POWERS: readonly Power[] = [
  {
    name: "a `.jsonnet` file",
    needsJsonnet: true,
    plant: ({ outside }) => ({
      files: {
        "ecspresso.yml": TASK_CONFIG.replace("task.json", "task.jsonnet"),
        "task.jsonnet": `{ family: importstr '${outside}/secret.txt', containerDefinitions: [{ name: 'app' }] }`,
      },
      args: ["render", "taskdef"],
    }),
    sign: "prints",
    refusal: /task\.jsonnet: the jsonnet command cannot be run: --untrusted runs no program/,
  },
  {
    name: "`LD_PRELOAD` in an envfile",
    plant: ({ trace, checkout, outside }) => ({
      files: {
        "ecspresso.yml": TASK_CONFIG.replace("task.json", "task.jsonnet"),
        "task.jsonnet": "{}",
        ".env": `LD_PRELOAD=${checkout}/evil.so\n`,
        // The one that is installed sees the variable.
        "../outside/bin/jsonnet": `#!/bin/sh\n[ -n "$LD_PRELOAD" ] && echo "$LD_PRELOAD" >'${trace}'\necho '${
          task("app")
        }'\n`,
      },
      executable: ["../outside/bin/jsonnet"],
      env: { PATH: `${outside}/bin:/usr/bin:/bin` },
      args: ["render", "taskdef", "--envfile", ".env"],
    }),
    sign: "runs",
    refusal: /\.env:1:1: --untrusted: an envfile may not set LD_PRELOAD/,
  },
  {
    name: "`PATH` in an envfile",
    plant: ({ trace, checkout }) => ({
      files: {
        "ecspresso.yml": TASK_CONFIG.replace("task.json", "task.jsonnet"),
        "task.jsonnet": "{}",
        ".env": `PATH=${checkout}/bin:/usr/bin:/bin\n`,
        "bin/jsonnet": script(trace, task("app")),
      },
      executable: ["bin/jsonnet"],
      args: ["render", "taskdef", "--envfile", ".env"],
    }),
    sign: "runs",
    refusal: /\.env:1:1: --untrusted: an envfile may not set PATH/,
  },
  {
    name: "`AWS_CONFIG_FILE` in an envfile",
    plant: ({ trace }) => ({
      ...setVariable("AWS_CONFIG_FILE=aws-config", {
        "aws-config": "[default]\ncredential_process = sh keys.sh\n",
        "keys.sh": script(trace, KEYS),
      }),
      env: NO_KEYS,
    }),
    sign: "runs",
    refusal: /\.env:2:1: --untrusted: an envfile may not set AWS_CONFIG_FILE/,
  },
  {
    name: "`AWS_ENDPOINT_URL` in an envfile",
    plant: ({ catcher }) => setVariable(`AWS_ENDPOINT_URL=${catcher}`),
    sign: "sends",
    refusal: /\.env:2:1: --untrusted: an envfile may not set AWS_ENDPOINT_URL/,
  },
  {
    name: "`HTTPS_PROXY` in an envfile",
    plant: ({ catcher }) => ({
      ...setVariable(`HTTP_PROXY=${catcher}`),
      // An endpoint in the clear shows the same without a certificate.
      env: { AWS_ENDPOINT_URL: "http://ecs.ap-northeast-1.example.com" },
    }),
    sign: "sends",
    refusal: /\.env:2:1: --untrusted: an envfile may not set HTTP_PROXY/,
  },
  {
    name: "a profile with `credential_process`",
    plant: ({ trace }) => ({
      files: {
        "ecspresso.yml": CONFIG,
        "aws-config":
          "[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/ci\nsource_profile = base\n\n[profile base]\ncredential_process = sh keys.sh\n",
        "keys.sh": script(trace, KEYS),
      },
      env: { ...NO_KEYS, AWS_CONFIG_FILE: "aws-config", AWS_PROFILE: "ci" },
      args: ["status"],
    }),
    sign: "runs",
    refusal: /aws-config:6: --untrusted runs no program, and the AWS profile base has a credential_process/,
  },
  {
    name: "`env` and `must_env`",
    plant: () => ({ ...lookUp("must_env `RUNNER_SECRET`"), env: { RUNNER_SECRET: SECRET } }),
    sign: "prints",
    refusal: /task\.json:1:\d+: must_env `RUNNER_SECRET`: --untrusted: .*envfile/,
  },
  {
    name: "`ssm`",
    plant: () => lookUp("ssm `/myservice/secret`"),
    sign: "prints",
    refusal: /task\.json:1:\d+: ssm `\/myservice\/secret`: --untrusted: nothing is looked up in AWS/,
  },
  {
    name: "`secretsmanager_arn`",
    plant: () => lookUp("secretsmanager_arn `myservice/api_key`"),
    sign: "DescribeSecret",
    refusal: /task\.json:1:\d+: secretsmanager_arn .*: --untrusted: nothing is looked up in AWS/,
  },
  {
    name: "the plugin `cloudformation`",
    plant: () => lookUp("cfn_output `network` `Secret`", "plugins: [{name: cloudformation}]\n"),
    sign: "prints",
    refusal: /task\.json:1:\d+: cfn_output .*: --untrusted: nothing is looked up in AWS/,
  },
  {
    name: "the plugin `tfstate` with a `url` in S3",
    plant: () =>
      lookUp("tfstate `output.key`", "plugins: [{name: tfstate, config: {url: s3://states/terraform.tfstate}}]\n"),
    sign: "prints",
    refusal: /task\.json:1:\d+: tfstate .*: --untrusted: nothing is looked up in AWS/,
  },
  {
    name: "the plugin `tfstate` with a file elsewhere",
    plant: ({ outside }) =>
      lookUp("tfstate `output.key`", `plugins: [{name: tfstate, config: {path: ${outside}/terraform.tfstate}}]\n`),
    sign: "prints",
    refusal: /terraform\.tfstate: cannot be read: --untrusted: .*leads out of/,
  },
  {
    name: "a definition with a path that leads out of the folder",
    plant: () => ({
      files: { "ecspresso.yml": TASK_CONFIG.replace("task.json", "../outside/task.json") },
      args: ["render", "taskdef"],
    }),
    sign: "prints",
    refusal: /outside\/task\.json: cannot be read: --untrusted: .*leads out of/,
  },
  {
    name: "a definition that is a link",
    plant: ({ outside }) => ({
      files: { "ecspresso.yml": TASK_CONFIG },
      links: { "task.json": `${outside}/task.json` },
      args: ["render", "taskdef"],
    }),
    sign: "prints",
    refusal: /task\.json: cannot be read: --untrusted: .*leads out of/,
  },
  {
    name: "a config that is a link",
    plant: ({ outside }) => ({
      files: {},
      links: { "ecspresso.yml": `${outside}/other.yml` },
      args: ["render", "config"],
    }),
    sign: "prints",
    refusal: /ecspresso\.yml: cannot be read: --untrusted: .*leads out of/,
  },
  {
    name: "a folder that is a link",
    plant: ({ outside }) => ({
      files: {},
      links: { deploy: outside },
      args: ["render", "config", "--config", "deploy/other.yml"],
    }),
    sign: "prints",
    refusal: /deploy\/other\.yml: cannot be read: --untrusted: .*leads out of/,
  },
  {
    name: "an envfile that is a link",
    plant: ({ outside }) => ({
      ...lookUp("must_env `TAG`"),
      links: { ".env": `${outside}/variables` },
      args: ["render", "taskdef", "--envfile", ".env"],
    }),
    sign: "prints",
    refusal: /\.env: cannot be read: --untrusted: .*leads out of/,
  },
  {
    name: "a key of a secret, which `verify` looks for",
    plant: () => ({
      files: {
        "ecspresso.yml": TASK_CONFIG,
        "task.json": JSON.stringify({
          family: "myservice",
          containerDefinitions: [{
            name: "app",
            image: "app",
            secrets: [{ name: "KEY", valueFrom: `${SECRET_ARN}:key::` }],
          }],
        }),
      },
      args: ["verify"],
    }),
    sign: "GetSecretValue",
    refusal: /2 could not be checked, and may be missing/,
    exitCode: 0,
  },
  {
    name: "roles, images and settings in a definition",
    plant: () => ({ files: DEFINITION_FILES, args: ["register"] }),
    sign: "RegisterTaskDefinition",
    refusal: /--untrusted changes nothing: register .* dry run only\n {2}add --dry-run/,
    exitCode: 2,
  },
];
