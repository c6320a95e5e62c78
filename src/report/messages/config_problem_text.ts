import type {
  CertificateProblem,
  ConfigProblem,
  EnvfileProblem,
  EnvironmentProblem,
  FamilyFile,
  FilePosition,
  FileProblem,
  LargeText,
  MemberProblem,
  SettingProblem,
  SyntaxProblem,
} from "../../problems.ts";
import { byCode, type Cases } from "./cases.ts";
import { describeReasonOf, MACHINE_TEXTS, RAISE_OPEN_FILES } from "./machine_problem_text.ts";
import { describeNearest } from "./phrases.ts";
import { JSONNET_TEXTS, TEMPLATE_TEXTS } from "./template_problem_text.ts";
import { describeValue, NO_REGION } from "./value_problem_text.ts";

/** What is wrong and what to do, on one line that starts with the file position: editors and CI can link to that. */
export function describeProblem(problem: ConfigProblem, position?: FilePosition): string {
  const { file, line, column } = position ?? {};
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return position === undefined ? describeByCode(problem) : `${place}: ${describeByCode(problem)}`;
}

/** Why the family could not be read from the task definition file. */
export function describeFamilyFile({ problem, position }: FamilyFile): string {
  return describeProblem(problem, position);
}

const DEFINITIONS = { serviceDefinition: "service definition", taskDefinition: "task definition" } as const;
const KEYS = { serviceDefinition: "service_definition", taskDefinition: "task_definition" } as const;

const NO_SUCH_FILE = {
  config: "config file (name an existing one with --config FILE)",
  fleet: "fleet file (name an existing one with --fleet FILE)",
  plan: "plan file (check --plan and the working directory)",
  envfile: "envfile (check --envfile)",
  serviceDefinition: "service definition file (service_definition in the config names it)",
  taskDefinition: "task definition file (task_definition in the config names it)",
} as const;

const FILE_TEXTS: Cases<FileProblem, "code", string> = {
  noConfig: ({ lookedFor }) =>
    `no config file: the working directory has no ${lookedFor.slice(0, -1).join(", ")} or ${lookedFor.at(-1)} ` +
    "(name one with --config FILE)",
  noSuchFile: ({ kind }) => `there is no such ${NO_SUCH_FILE[kind]}`,
  noFiles: () => "the command line names a service without files (name a config with --config FILE)",
  planIsStream: () => "is a pipe or a device: a plan has to be a file, which is read again to go on with it",
  noNamedFile: ({ setting }) => `there is no such file (${setting} names it)`,
  cannotRead: ({ reason, setting }) =>
    `cannot be read: ${describeReasonOf(reason)}${setting === undefined ? "" : ` (${setting} names it)`}`,
  tooLarge: ({ text, length, most }) =>
    `is too large ${describeLarge(text)}: ${length.toLocaleString("en-US")} characters, of at most ` +
    most.toLocaleString("en-US"),
  noDefinition: ({ kind }) => `names no ${DEFINITIONS[kind]} file (add ${KEYS[kind]}: FILE)`,
  noFamily: () => "names no family",
  familyLookedUp: () => "its family is looked up elsewhere",
  badCertificates: ({ certificates, setting }) => `${describeCertificates(certificates)} (${setting} names it)`,
};

function describeLarge(text: LargeText): string {
  return text.kind === "certificates" ? `for a file of certificates (${text.setting} names it)` : LARGE[text.kind];
}

const LARGE: Readonly<Record<Exclude<LargeText["kind"], "certificates">, string>> = {
  evaluated: "once it is evaluated",
  rendered: "once its templates are filled in",
  profiles: "for a file with AWS profiles",
  envfile: "for an envfile",
  config: "for a config file",
  fleet: "for a fleet file",
  plan: "for a plan file",
  ...{ serviceDefinition: "for a definition file", taskDefinition: "for a definition file" },
};

const describeCertificates = byCode<CertificateProblem, string>({
  noEnd: () => "a certificate in it has no end",
  damaged: ({ number }) => `certificate ${number} in it is damaged`,
  empty: () => "is empty",
  derForm: () => "is in DER form; convert it: openssl x509 -inform der -in FILE -out FILE.pem",
  onlyPrivateKey: () => "holds a private key and no certificate",
  noCertificate: () => "holds no certificate in PEM form",
});

const AS_YAML = { config: "service: NAME", fleet: "services: [{config: FILE}]" } as const;
const AS_JSON = { config: '{"service": "NAME"}', fleet: '{"services": [{"config": "FILE"}]}' } as const;

const SYNTAX_TEXTS: Cases<SyntaxProblem, "code", string> = {
  // Writes `CloseBraceExpected`, from jsonc-parser, as `close brace expected`.
  notJson: ({ expected }) => `is not valid JSON: ${expected.replaceAll(/(?!^)[A-Z]/g, " $&").toLowerCase()}`,
  notYaml: ({ kind, words }) =>
    words === undefined ? YAML_TEXTS[kind] ?? "is not valid YAML from here on" : `is not valid YAML: ${words}`,
  nestedTooDeeply: () => "is nested too deeply",
  noSettings: ({ kind }) => `holds no settings (it needs at least ${AS_YAML[kind]})`,
  notKeysAndValues: ({ kind }) => `must hold keys and values, such as ${AS_YAML[kind]}`,
  badMerge: () => "<<: needs a mapping, or a list of mappings",
  badKey: () => "a key must be a plain word",
  noAnchor: () => "this * names no anchor (put text in quotes)",
  notObject: ({ kind }) =>
    kind === "config" || kind === "fleet"
      ? `must be an object, such as ${AS_JSON[kind]}`
      : kind === "plan"
      ? "must be an object: a plan that was written by --plan-out"
      : `must be a ${DEFINITIONS[kind]}, a JSON object as AWS's API has it`,
  twice: ({ key }) => `${key}: is there twice`,
};

const YAML_TEXTS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "holds a second YAML document (---); only one is allowed",
  BAD_SCALAR_START: "is not valid YAML: no value starts with this character (put the value in quotes)",
  BAD_DQ_ESCAPE: "is not valid YAML: unknown backslash sequence in double quotes",
  RESOURCE_EXHAUSTION: "is nested too deeply",
};

const SETTING_TEXTS: Cases<SettingProblem, "code", string> = {
  missing: ({ key, write }) => `${key}: is missing (write ${write})`,
  empty: ({ key, write }) => `${key}: is empty (write ${write})`,
  wrongType: ({ key, expected, found, write }) =>
    `${key}: must be ${named(expected)}${found === undefined ? "" : notA(expected, found)}` +
    (write === undefined ? "" : ` (write ${write})`),
  notKnownKey: ({ key, known, nearest }) =>
    `${key}: is not known${nearest.length > 0 ? describeNearest(nearest) : ` (the keys are ${known.join(", ")})`}`,
  wrongItems: ({ key, expected, found }) => `${key}: must hold ${expected}s, not ${named(found)}`,
  badValue: ({ key, problem }) => `${key}: ${describeValue(problem)}`,
  noService: () => "services: is empty (the service was not found when this was written)",
  severalServices: () => "services: holds several services (keep only the one to deploy)",
};

const named = (type: string) => `${type === "object" ? "an" : "a"} ${type}`;

function notA(expected: string, found: string): string {
  const isQuotable = expected === "string" && (found === "number" || found === "boolean");
  return `, not ${named(found)}${isQuotable ? " (put it in quotes)" : ""}`;
}

const describeMember = byCode<MemberProblem, string>({
  memberType: ({ expected, found }) => `must be ${named(expected)}${notA(expected, found)}`,
  memberTwice: () => "is there twice, in different upper and lower case (keep one)",
  unknownMember: ({ similar }) =>
    `is unknown to ecspresso and is sent to ECS as it is${similar === undefined ? "" : ` (did you mean ${similar}?)`}`,
  notWhole: ({ least, most }) =>
    "must be a whole number, " +
    (most !== undefined ? `at most ${most}` : least !== undefined ? `at least ${least}` : "without a fraction"),
});

const ENVIRONMENT_TEXTS: Cases<EnvironmentProblem, "code", string> = {
  notProxy: ({ variable }) =>
    `${variable} is not the address of a proxy, such as http://proxy.example:3128 (https:// and socks5:// work, too; ` +
    "in a login such as http://USER:PASSWORD@proxy.example:3128, / # and ? are written %2F %23 and %3F)",
  notAddress: ({ variable }) => `${variable} is not an address such as https://vpce.example.com`,
  notInHeader: ({ variable }) => `${variable} has a character that no key or token can have: set it again, or unset it`,
  notRegion: ({ variable }) => `${variable} ${NO_REGION}: set it again, or unset it`,
  regionNotSet: () => "no AWS region is set (set region in the config, AWS_REGION, or region in the AWS profile)",
  profileRegion: () => `the region in the AWS profile ${NO_REGION}`,
  noAuthorities: ({ reason }) =>
    `cannot load the certificate authorities: ${describeReasonOf(reason)} (check AWS_CA_BUNDLE, ca_bundle, ` +
    "REQUESTS_CA_BUNDLE, SSL_CERT_FILE, DENO_CERT and DENO_TLS_CA_STORE)",
  noSignals: ({ reason }) => `cannot listen for signals: ${describeReasonOf(reason)} (${RAISE_OPEN_FILES})`,
  credentialProcess: ({ profile }) =>
    `--untrusted runs no program, and the AWS profile ${profile} has a credential_process (give keys, or a token of a ` +
    "role, in the environment)",
};

const ENVFILE_TEXTS: Cases<EnvfileProblem, "code", string> = {
  noEquals: () => "there is no = in this line (write KEY=value)",
  badVariableName: () => "the text before = is not a variable name (letters, digits and _, no digit first)",
  badEnvfileEscape: () => String.raw`unknown backslash sequence (known: \n \r \t \b \f \" \\ \/ \u0000; or use '...')`,
  nul: () => "a NUL character cannot be part of a variable",
  refusedVariable: ({ variable }) =>
    `--untrusted: an envfile may not set ${variable}, which decides more than what templates say (remove it)`,
};

const SERVICES = {
  notNamed: "there is no service in the config",
  missing: "the service does not exist",
  runsNone: "the service runs none",
} as const;

const describeByCode = byCode<ConfigProblem, string>({
  ...FILE_TEXTS,
  ...SYNTAX_TEXTS,
  ...SETTING_TEXTS,
  ...ENVIRONMENT_TEXTS,
  ...ENVFILE_TEXTS,
  ...TEMPLATE_TEXTS,
  ...JSONNET_TEXTS,
  ...MACHINE_TEXTS,
  member: ({ path, problem }) => `${path} ${describeMember(problem)}`,
  unknownKey: ({ key }) => `${key}: unknown key, ignored`,
  familyNotKnown: ({ file, kind }) =>
    `the family of task definitions is not known: ${describeFamilyFile(file)}, and ${SERVICES[kind]}`,
});
