import type { Expectation } from "./expectations.ts";

const both = (folder: string) => [`tests/corpus/${folder}, taskdef`, `tests/corpus/${folder}, servicedef`];

/** Where the two programs make different things of the same files, on purpose. */
export const RENDERED_DIFFERENTLY: readonly Expectation[] = [
  {
    name: "comments in definitions",
    kayac: "takes comments and trailing commas in Jsonnet only",
    ours: "takes them in JSON, too",
    why: "people write them, and nothing else can be meant",
    seen: /only Kayac's refuses it: .*invalid character '\/'/s,
    checks: both("07_comments_in_definitions"),
  },
  {
    name: "byte order mark",
    kayac: "refuses a definition that begins with one, and loses the first key of such a config",
    ours: "reads over it",
    why: "editors on Windows write it",
    seen: /only Kayac's refuses it: .*invalid character 'ï'/s,
    checks: both("08_byte_order_mark"),
  },
  {
    name: "tags beside a task definition",
    kayac: "leaves out the tags beside the task definition in an answer of describe-task-definition",
    ours: "takes them",
    why: "a copy without its tags is not the same",
    seen: /\.tags: null by Kayac's, \[\{/,
    checks: ["tests/corpus/11_described_service, taskdef"],
  },
  {
    name: "answer of describe-services",
    kayac: "finds nothing in it, and makes an empty service definition of it",
    ours: "takes the service out of it",
    why: "it is the way to begin with a service that exists",
    seen: /\.desiredCount: null by Kayac's, 1 by ours/,
    checks: ["tests/corpus/11_described_service, servicedef"],
  },
  {
    name: "states in other places",
    kayac: "reads every state that the config names before it does anything, from more places",
    ours: "reads one when it is asked for a value of it, from files and from S3",
    why: "what a command does not need cannot keep it from working",
    seen: /only Kayac's refuses it: .*gs:\/\/bucket/s,
    checks: ["tests/corpus/21_unsupported_state_url, servicedef"],
  },
  {
    name: "the same key twice",
    kayac: "takes the last one",
    ours: "refuses the file",
    why: "one of the two is a mistake, and nobody can tell which",
    seen: /only ours refuses it: .*is there twice/s,
    checks: [...both("24_duplicate_key_in_config"), "tests/corpus/25_duplicate_key_in_definition, taskdef"],
  },
  {
    name: "names of another service and cluster",
    kayac: "shows the names that the config has",
    ours: "shows what the file says; deployed is what the config names, by both",
    why: "to render is to show what has come of the file",
    seen: /\.serviceName: "web" by Kayac's, "another" by ours/,
    checks: ["tests/interop/files/15_named_in_the_definition, servicedef"],
  },
  {
    name: "no containers",
    kayac: "leaves the refusal to ECS",
    ours: "refuses the file",
    why: "then a dry run says it, too",
    seen: /only ours refuses it: .*containerDefinitions: is empty/s,
    checks: ["tests/corpus/30_no_containers, taskdef"],
  },
];

/** Where they leave different things behind, on purpose. */
export const WRITTEN_DIFFERENTLY: readonly Expectation[] = [
  {
    name: "--tasks=-1",
    kayac: "means that the option was not given: the number in the service definition is set",
    ours: "leaves the number of tasks as it is, also where the service definition has one",
    why: "who writes it wants no other number; to set the file's, nothing has to be written",
    seen: /\.desiredCount: 2 by Kayac's, 4 by ours/,
    checks: ["deploy --no-wait --tasks=-1"],
  },
];
