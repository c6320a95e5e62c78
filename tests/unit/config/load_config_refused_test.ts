import assert from "node:assert/strict";
import { loadConfig } from "../../../src/config/load_config.ts";
import { inWords } from "../../in_words.ts";
import { assertRefused, load } from "./made_up_config.ts";
import { memoryEnvironment, memoryTools } from "./memory_host.ts";

Deno.test("loadConfig() takes a config without a service, and says where one would be written", async () => {
  const table: [string, string, string?][] = [
    ["region: r\n", "ecspresso.yml:1:1: service: is missing (write service: NAME)"],
    ["region: r\nservice:\n", "ecspresso.yml:2:9: service: is empty (write service: NAME)"],
    ['service: ""\n', "ecspresso.yml:1:10: service: is empty (write service: NAME)"],
    ["service: !{{ env `SECRET` }}\n", "ecspresso.yml:1:29: service: is empty (write service: NAME)"],
    ["{}", "ecspresso.json:1:1: service: is missing (write service: NAME)", "ecspresso.json"],
  ];
  for (const [text, message, path] of table) {
    const { service, requireService } = await load(text, path);
    assert.equal(service, undefined);
    assert.throws(inWords(requireService), { name: "ConfigError", message });
  }
});

const WRONG_VALUES: [string, string][] = [
  ["service: [a]\n", "1:10: service: must be a string, not a list"],
  ["service: {a: b}\n", "1:10: service: must be a string, not a map"],
  ["service: 123\n", "1:10: service: must be a string, not a number (put it in quotes)"],
  ["service: true\n", "1:10: service: must be a string, not a boolean (put it in quotes)"],
  ["service: s\nregion: 1\n", "2:9: region: must be a string, not a number (put it in quotes)"],
  ["service: s\nregion: us_east_1\n", "2:9: region: is not an AWS region, such as ap-northeast-1"],
  ["service: s\nregion: x@host.example/\n", "2:9: region: is not an AWS region, such as ap-northeast-1"],
  ["service: s\nregion: 'ap-northeast-1 '\n", "2:9: region: is not an AWS region, such as ap-northeast-1"],
  ["service: s\ntask_definition: [t.json]\n", "2:18: task_definition: must be a string, not a list"],
  ["service: s\n\ntimeout: 10x\n", '3:10: timeout: cannot read "10x" as a duration (write 10m, 600s or 600)'],
  ["service: s\ntimeout: -5m\n", '2:10: timeout: "-5m" is negative (write 10m, 600s or 600; 0 for none)'],
  ['service: s\ntimeout: ""\n', '2:10: timeout: cannot read "" as a duration (write 10m, 600s or 600)'],
  ["service: s\ntimeout: 0x10\n", '2:10: timeout: cannot read "0x10" as a duration (write 10m, 600s or 600)'],
  [
    "service: s\ntimeout: 600000000000\n",
    '2:10: timeout: "600000000000" is longer than a year (a bare number is seconds)',
  ],
  ["service: s\ntimeout: [1]\n", "2:10: timeout: must be a duration (write 10m, 600s or 600)"],
  ["service: s\ntimeout: true\n", "2:10: timeout: must be a duration (write 10m, 600s or 600)"],
  [
    "service: s\nrequired_version: '>= 3'\n",
    '2:19: required_version: asks for ">= 3", and this program reads the config format of ecspresso 2.8.0',
  ],
  [
    "service: s\nrequired_version: ^2\n",
    '2:19: required_version: cannot read "^2" as a version constraint (write ">= 2.0.0, < 3" or "~> 2.3")',
  ],
  [
    "service: s\nrequired_version: 2.8\n",
    "2:19: required_version: must be a string, not a number (put it in quotes)",
  ],
  ["service: a\nregion: r\nservice: b\n", "3:1: service: is there twice"],
  ["service: a\nplugins: [{name: x, name: y}]\n", "2:21: name: is there twice"],
  ["service: a\nplugins: tfstate\n", "2:10: plugins: must be a list, not a string"],
  ["service: a\nplugins: [tfstate]\n", "2:11: plugins: must hold maps, not a string"],
  ["service: a\nplugins:\n  - config: {path: p}\n", "3:5: plugins[0].name: is missing (write name: tfstate)"],
  ["service: a\nplugins: [{name: }]\n", "2:18: plugins[0].name: is empty (write name: tfstate)"],
  ["service: a\nplugins: [{name: 5}]\n", "2:18: plugins[0].name: must be a string, not a number (put it in quotes)"],
  [
    "service: a\nplugins: [{name: ssm}, {name: ssm, func_prefix: a-}]\n",
    "2:49: plugins[1].func_prefix: must be letters, digits and _, no digit first",
  ],
  [
    "service: a\nplugins: [{name: tfstate}]\n",
    "2:18: plugins[0].name: its state is missing (write config: {path: terraform.tfstate} or {url: s3://BUCKET/KEY})",
  ],
  ["service: a\nplugins: [{name: tfstate, config: p}]\n", "2:35: plugins[0].config: must be a map, not a string"],
  [
    "service: a\nplugins: [{name: tfstate, config: {path: [p]}}]\n",
    "2:42: plugins[0].config.path: must be a string, not a list",
  ],
  [
    "service: a\nplugins: [{name: tfstate, config: {path: p}}, {name: tfstate, config: {path: q}}]\n",
    "2:54: plugins[1].name: another plugin has the function tfstate already (give each its own func_prefix)",
  ],
  ["service: a\nignore: tag\n", "2:9: ignore: must be a map, not a string"],
  ["service: a\nignore: {tags: tag}\n", "2:16: ignore.tags: must be a list, not a string"],
  ["service: a\nignore: {tags: [a, 1]}\n", "2:20: ignore.tags: must hold strings, not a number"],
  ["service: a\ncodedeploy: app\n", "2:13: codedeploy: must be a map, not a string"],
  [
    "service: a\ncodedeploy: {application_name: [app]}\n",
    "2:32: codedeploy.application_name: must be a string, not a list",
  ],
  ["? [a]\n: b\nservice: s\n", "1:3: a key must be a plain word"],
  ["service: *gone\n", "1:10: this * names no anchor (put text in quotes)"],
  ["service: *later\nx: &later s\n", "1:10: this * names no anchor (put text in quotes)"],
  ["service: s\n<<: text\n", "2:5: <<: needs a mapping, or a list of mappings"],
  ["service: s\n<<:\n", "2:4: <<: needs a mapping, or a list of mappings"],
  ["service: s\n<<: [{a: b}, text]\n", "2:14: <<: needs a mapping, or a list of mappings"],
  ["", "1:1: holds no settings (it needs at least service: NAME)"],
  ["# nothing\n", "1:1: holds no settings (it needs at least service: NAME)"],
  ["---\n", "1:1: holds no settings (it needs at least service: NAME)"],
  ["myservice\n", "1:1: must hold keys and values, such as service: NAME"],
  ["- service: s\n", "1:1: must hold keys and values, such as service: NAME"],
  ["service: s\n---\nservice: t\n", "2:1: holds a second YAML document (---); only one is allowed"],
  ['service: "s\n', '2:1: is not valid YAML: Missing closing "quote'],
  ["service: @s\n", "1:10: is not valid YAML: no value starts with this character (put the value in quotes)"],
  ['service: "\\q"\n', "1:11: is not valid YAML: unknown backslash sequence in double quotes"],
  ["service: s\n\tregion: r\n", "2:1: is not valid YAML: Tabs are not allowed as indentation"],
  ["service: {{ must_env `GONE` }}", "1:13: must_env `GONE`: this environment variable is not set"],
  ["service: s\nregion: {{ gone }}", "2:12: there is no template function gone (known: env, json_escape, must_env)"],
  [
    "service: s\nregion: {{ ssm `/region` }}",
    "2:12: ssm: this function is for definition files; the config file has env and must_env",
  ],
];

Deno.test("loadConfig() names file, line, column and key of a wrong value", async () => {
  for (const [text, message] of WRONG_VALUES) await assertRefused(text, `ecspresso.yml:${message}`);
});

Deno.test("loadConfig() names the same of a JSON file", async () => {
  const table: [string, string][] = [
    ["", "1:1: is not valid JSON: value expected"],
    ["[]", '1:1: must be an object, such as {"service": "NAME"}'],
    ['"s"', '1:1: must be an object, such as {"service": "NAME"}'],
    ['{\n\t"service": 5\n}', "2:13: service: must be a string, not a number (put it in quotes)"],
    ['{\n\t"service": ["a"]\n}', "2:13: service: must be a string, not a list"],
    ['{\n\t"service": "s",\n\t"timeout": false\n}', "3:13: timeout: must be a duration (write 10m, 600s or 600)"],
    ['{"service": "s",\n"service": "t"}', "2:1: service: is there twice"],
    ['{"service": "s", "plugins": [\n{"name": "x", "name": "y"}]}', "2:15: name: is there twice"],
    [
      '{"service": "s",\n"plugins": [{"name": 5}]}',
      "2:22: plugins[0].name: must be a string, not a number (put it in quotes)",
    ],
    ['{"service": "s",\n"ignore": {"tags": [null]}}', "2:21: ignore.tags: must hold strings, not a null"],
    ['{"service" "s"}', "1:12: is not valid JSON: colon expected"],
    ['{"service": "s"} {}', "1:18: is not valid JSON: end of file expected"],
  ];
  for (const [text, message] of table) await assertRefused(text, `ecspresso.json:${message}`, "ecspresso.json");
});

Deno.test("loadConfig() keeps its positions behind values of several lines", async () => {
  await assertRefused(
    "service: '{{ env `LINES` }}'\nregion: r\ntimeout: 10x\n",
    'ecspresso.yml:3:10: timeout: cannot read "10x" as a duration (write 10m, 600s or 600)',
  );
  await assertRefused(
    "service: s\ntimeout: {{ env `TIMEOUT` }}\n",
    'ecspresso.yml:2:10: timeout: cannot read "10x" as a duration (write 10m, 600s or 600)',
  );
});

Deno.test("loadConfig() puts no rendered value into a message", async () => {
  const texts = [
    "service: [{{ env `SECRET` }}]\n",
    "service: {{ env `STAR` }}\n",
    'service: s\nregion: "{{ env `SECRET` }}\n',
    "service: '{{ env `SECRET` }}' {{ env `SECRET` }}\n",
    "service: s\n{{ env `SECRET` }}\n",
    "{{ env `SECRET` }}\n",
    "service: |{{ env `SECRET` }}\n  s\n",
    'service: "\\{{ env `SECRET` }}"\n',
    "service: {{ env `SECRET` | must_env }}\n",
    "service: {{ must_env (env `SECRET`) }}\n",
    "%{{ env `SECRET` }} {{ env `SECRET` }}\n---\n[]\n",
  ];
  for (const path of ["ecspresso.yml", "ecspresso.json"]) {
    for (const text of texts) {
      await assert.rejects(inWords(load(text, path)), (error: Error) => {
        assert.equal(error.name, "ConfigError", text);
        assert.doesNotMatch(error.message, /hunter2|\n/, text);
        return true;
      }, text);
    }
  }
});

Deno.test("loadConfig() refuses what is too large", async () => {
  await assertRefused(
    "#".repeat(1_000_001),
    "ecspresso.yml: is too large for a config file: 1,000,001 characters, of at most 1,000,000",
  );
  const large = memoryEnvironment({ LARGE: "x".repeat(600_000) });
  await assert.rejects(
    inWords(loadConfig({ path: "c.yml", text: "service: {{ env `LARGE` }}{{ env `LARGE` }}" }, memoryTools(large))),
    {
      name: "ConfigError",
      message: "c.yml: is too large once its templates are filled in: 1,200,009 characters, of at most 1,000,000",
    },
  );
});
