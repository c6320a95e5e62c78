import assert from "node:assert/strict";
import { parseState } from "../../../src/config/terraform_states.ts";
import { inWords } from "../../in_words.ts";

const resource = (address: { module?: string; mode?: string; type: string; name: string }, instances: unknown[]) => ({
  mode: "managed",
  ...address,
  instances,
});

const STATE = {
  version: 4,
  terraform_version: "1.9.0",
  outputs: {
    name: { value: "web", type: "string" },
    "dash-list": { value: ["a", "b", { "c.d": 1 }], type: ["tuple", []] },
    long: { value: { er: 1 }, type: "t" },
    "long.er": { value: { x: 2 }, type: "t" },
    nothing: { value: null, type: "string" },
    nested: { value: { a: { b: [true] }, "x-y": "z", value: "v", type: "t" }, type: ["object", {}] },
  },
  resources: [
    resource({ type: "aws_vpc", name: "main" }, [{
      attributes: { id: "vpc-1", tags: { Name: "n", "a-b": 1 }, none: null },
    }]),
    resource({ type: "aws_subnet", name: "a" }, [
      { index_key: 0, attributes: { id: "subnet-0" } },
      { index_key: 2, attributes: { id: "subnet-2" } },
    ]),
    resource({ type: "aws_subnet", name: "b" }, [
      { index_key: "az.a", attributes: { id: "subnet-a" } },
      { index_key: 'it"s', attributes: { id: "subnet-b" } },
    ]),
    resource({ type: "aws_subnet", name: "one" }, [{ index_key: "x", attributes: { id: "subnet-x" } }]),
    resource({ mode: "data", type: "aws_ami", name: "app" }, [{ attributes: { id: "ami-1" } }]),
    resource({ module: 'module.a.module.b["k"]', type: "aws_iam_role", name: "r" }, [{ attributes: { arn: "arn:r" } }]),
    resource({ module: "module.a", mode: "data", type: "aws_ami", name: "m" }, [{ attributes: { id: "ami-2" } }]),
    resource({ type: "null_resource", name: "flat" }, [{ attributes_flat: { id: "1" } }]),
    resource({ type: "aws_vpc", name: "gone" }, []),
    resource({ mode: "data", type: "terraform_remote_state", name: "net" }, [{
      attributes: { backend: "s3", outputs: { value: { vpc: { id: "vpc-9" } }, type: ["object", {}] } },
    }]),
    resource({ mode: "strange", type: "aws_vpc", name: "strange" }, [{ attributes: { id: "x" } }]),
  ],
};

Deno.test("find() reads the addresses of tfstate-lookup", () => {
  const state = parseState(JSON.stringify(STATE), "s");
  const table: [string, unknown][] = [
    ["output.name", "web"],
    ["output.dash-list[1]", "b"],
    ["output.dash-list[-3]", "a"],
    ["output.dash-list[2]['c.d']", 1],
    ["output.nested.a.b[0]", true],
    ["output.nested.x-y", "z"],
    ["output.nested.value", "v"],
    ["output.long.er.x", 2],
    ['output.nested["a"].b', [true]],
    ['output.nested.["a"]."b"', [true]],
    ["aws_vpc.main.id", "vpc-1"],
    ["aws_vpc.main.tags", { Name: "n", "a-b": 1 }],
    ["aws_vpc.main.tags.a-b", 1],
    ["aws_subnet.a[0].id", "subnet-0"],
    ["aws_subnet.a[2]", { id: "subnet-2" }],
    ["aws_subnet.a", [{ id: "subnet-0" }, null, { id: "subnet-2" }]],
    ['aws_subnet.b["az.a"].id', "subnet-a"],
    ["aws_subnet.b['az.a'].id", "subnet-a"],
    ['aws_subnet.b["it\\"s"].id', "subnet-b"],
    ["aws_subnet.b", { "az.a": { id: "subnet-a" }, 'it"s': { id: "subnet-b" } }],
    ["aws_subnet.one", { x: { id: "subnet-x" } }],
    ["data.aws_ami.app.id", "ami-1"],
    ['module.a.module.b["k"].aws_iam_role.r.arn', "arn:r"],
    ["module.a.data.aws_ami.m.id", "ami-2"],
    ["null_resource.flat.id", "1"],
    ["data.terraform_remote_state.net.outputs.vpc.id", "vpc-9"],
    ["data.terraform_remote_state.net.backend", "s3"],
  ];
  for (const [address, value] of table) assert.deepEqual(state.find(address), value, address);
});

Deno.test("find() answers nothing for what is not there", () => {
  const state = parseState(JSON.stringify(STATE), "s");
  const addresses = [
    "",
    ".",
    "[",
    "output",
    "output.gone",
    "output.nothing",
    "output.name.x",
    "output.name[0]",
    "output.dash-list[3]",
    "output.dash-list.x",
    "output.dash-list[",
    "output.nested.a | length",
    "output.nested.constructor",
    "output.nested.__proto__",
    'output.nested["a\\x"]',
    "aws_vpc",
    "aws_vpc.mai",
    "aws_vpc.main2.id",
    "aws_vpc.main.none",
    "aws_vpc.main.id.x",
    "aws_vpc.main.tags..Name",
    "aws_vpc.gone",
    "aws_vpc.strange.id",
    "aws_subnet.a[1]",
    "aws_subnet.a[1].id",
    "aws_subnet.a.id",
    "aws_ami.app.id",
    "module.b.data.aws_ami.m.id",
  ];
  for (const address of addresses) assert.equal(state.find(address), undefined, address);
});

Deno.test("parseState() says what is no state, and quotes none of it", () => {
  const backend = { version: 3, backend: { type: "s3", config: { bucket: "b", key: "env/k" } } };
  const table: [string, string][] = [
    ["", "s is not a Terraform state (it is not a JSON object)"],
    ['{"secret": hunter2', "s is not a Terraform state (it is not a JSON object)"],
    ["[]", "s is not a Terraform state (it is not a JSON object)"],
    ["{}", "s is not a Terraform state of version 4 (terraform 0.12 or later writes one)"],
    ['{"version": 3}', "s is not a Terraform state of version 4 (terraform 0.12 or later writes one)"],
    [JSON.stringify(backend), "s only says where the state is kept (write url: s3://b/env/k in the plugin's config)"],
    [
      '{"backend": {"type": "gcs"}}',
      "s only says where the state is kept (write url: s3://BUCKET/KEY in the plugin's config)",
    ],
  ];
  for (const [text, message] of table) {
    assert.throws(inWords(() => parseState(text, "s")), { name: "CallError", message }, text);
  }
});

Deno.test("parseState() passes over what is malformed", () => {
  const resources = [
    null,
    "text",
    {},
    { mode: "managed", type: 1, name: "x" },
    { mode: "managed", type: "a", name: "b", instances: [null, 1] },
    { mode: "managed", type: "a", name: "c", instances: [{ index_key: -1, attributes: 1 }, { index_key: 1e9 }, {}] },
    { mode: "data", type: "terraform_remote_state", name: "r", instances: [{}] },
  ];
  const state = parseState(JSON.stringify({ version: 4, outputs: [], resources }), "s");
  assert.equal(state.find("a.b"), undefined);
  assert.equal(state.find("a.c[-1]"), 1);
  assert.deepEqual(state.find("a.c"), []);
  assert.deepEqual(state.find("data.terraform_remote_state.r"), {});
  assert.equal(parseState('{"version": 4, "resources": {}, "outputs": null}', "s").find("output.x"), undefined);
});

Deno.test("parseState() finds what Terraform marks as sensitive: outputs, and attributes by their paths", () => {
  const step = (value: unknown) => ({ type: "get_attr", value });
  const state = {
    version: 4,
    outputs: {
      open: { value: "open", type: "string" },
      closed: { value: { user: "closed-user", pins: [12, 13] }, type: ["object", {}], sensitive: true },
    },
    resources: [
      resource({ type: "aws_db_instance", name: "a" }, [{
        attributes: {
          id: "db-a",
          password: "closed-password",
          tags: { of: "closed-tag", other: "b" },
          list: ["x", "closed-item"],
        },
        sensitive_attributes: [
          [step("password")],
          [step("tags"), { type: "index", value: { value: "of", type: "string" } }],
          [step("list"), { type: "index", value: { value: 1, type: "number" } }],
          [step("none"), step("deeper")],
          "malformed",
          [null],
        ],
      }]),
    ],
  };
  assert.deepEqual([...parseState(JSON.stringify(state), "s").sensitiveTexts].sort(), [
    ...["12", "13", "closed-item", "closed-password", "closed-tag", "closed-user"],
  ]);
});
