import { definitionFunctions } from "../../../src/config/definition_functions.ts";
import type { Plugin } from "../../../src/config/plugins.ts";
import { renderTemplate } from "../../../src/config/template/render_template.ts";
import { memoryEnvironment, memoryFiles, type MemoryValues, memoryValues } from "./memory_host.ts";

export const env = memoryEnvironment({ SERVICE: "web", INDEX: "0", PATH_NAME: "/text" });
export const VALUES: MemoryValues = {
  parameters: {
    "/text": { type: "String", value: "text" },
    "/secret": { type: "SecureString", value: "hunter2" },
    "/list": { type: "StringList", value: "a,b,,d" },
  },
  secrets: { "db/password": "arn:aws:secretsmanager:r:1:secret:db/password-AbCdEf" },
  stacks: { network: { Subnet: "subnet-a", Empty: "" }, data: { Bucket: "files" } },
  exports: { "network-VpcId": "vpc-a" },
  objects: { "s3://bucket/key": '{"version": 4, "outputs": {"n": {"value": 3, "type": "number"}}}' },
};
export const STATE = JSON.stringify({
  version: 4,
  outputs: { pin: { value: "closed", type: "string", sensitive: true } },
  resources: [{
    mode: "managed",
    type: "aws_subnet",
    name: "private",
    instances: ["web", "api"].map((key) => ({
      index_key: key,
      attributes: { id: `subnet-${key}`, tags: { a: "<b>" } },
    })),
  }, {
    mode: "managed",
    type: "aws_eip",
    name: "nat",
    instances: [{ index_key: 0, attributes: { id: "eip-0" } }],
  }],
});
export const PLUGINS: Plugin[] = [
  { kind: "tfstate", prefix: "", location: { kind: "file", path: "infra/t.tfstate" } },
  { kind: "tfstate", prefix: "s3_", location: { kind: "object", bucket: "bucket", key: "key" } },
  { kind: "tfstate", prefix: "gone_", location: { kind: "file", path: "gone.tfstate" } },
  { kind: "tfstate", prefix: "none_", location: { kind: "object", bucket: "bucket", key: "none" } },
  {
    kind: "tfstate",
    prefix: "gcs_",
    location: { kind: "unsupported", problem: { code: "badStateUrl", scheme: "gs" } },
  },
  { kind: "ssm", prefix: "my_" },
  { kind: "secretsmanager", prefix: "my_" },
  { kind: "cloudformation", prefix: "" },
  { kind: "cloudformation", prefix: "c_" },
];

/** Renders with the functions of definition files, and says what was asked for. */
export function renderer(plugins: readonly Plugin[] = PLUGINS) {
  const { sources, asked } = memoryValues(VALUES);
  const read: string[] = [];
  const files = memoryFiles({ "infra/t.tfstate": `\uFEFF${STATE}` });
  let connections = 0;
  const table = definitionFunctions(plugins, {
    env,
    files: { readText: (path) => (read.push(path), files.readText(path)) },
    connectValues: () => (connections++, Promise.resolve(sources)),
    signal: new AbortController().signal,
  });
  const render = async (source: string) => (await renderTemplate(source, "def.json", table)).text;
  return { render, table, asked, read, connections: () => connections };
}
