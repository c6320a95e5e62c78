// What can be wrong with what the user has written or set: codes with data. The words are in `report/messages`. What
// distinguishes cases is a `code` or a `kind`: in everything else, hidden values are masked.

/** A place in a file of the user's; line and column count from 1, as editors do. */
export interface FilePosition {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** What the machine cannot do, or refuses. */
export type MachineProblem = Readonly<
  /** The bytes of a variable of the environment are not UTF-8. */
  | { code: "notText"; variable: string }
  /** `bytes`: the whole size; `undefined` where reading has stopped before the end. */
  | { code: "moreThan"; mostBytes: number; bytes: number | undefined }
  /** Nobody has read what was written to a pipe; with `bytes`: the last so many. */
  | { code: "notTaken"; withinMs?: number; bytes?: number }
  /** A pipe or a device needs a program, and there is none of this name, or programs may no longer be started. */
  | { code: "streamTakes"; program: string; isThere: boolean }
  | { code: "programEnded"; program: string; exitCode: number }
  /** An entry of PATH that is not an absolute path leads to this program. */
  | { code: "relativePath"; program: string }
  | { code: "noUsableCertificate" }
  // With --untrusted.
  | { code: "leadsOut"; kind: ConfiningFolder }
  | { code: "notPlainFile" | "runsNothing" }
>;

export type ConfiningFolder = "ofConfig" | "working" | "named";

/** Why something failed: a problem of our own, or the system's words. */
export type Reason = MachineProblem | string;

/** What was being waited for when a run was stopped, or its time was up. */
export type WaitedFor = Readonly<{ code: "jsonnet" | "stream"; path: string }>;

export type ValueType = "string" | "number" | "boolean" | "null" | "list" | "map" | "object";

/** A file of the user's, by what it is for. */
export type FileKind = SettingsFileKind | DefinitionFileKind | "envfile" | "plan";
export type SettingsFileKind = "config" | "fleet";
export type DefinitionFileKind = "serviceDefinition" | "taskDefinition";

/** What is too large; `setting` names the file. */
export type LargeText = Readonly<
  | { kind: FileKind | "evaluated" | "rendered" | "profiles" }
  | { kind: "certificates"; setting: string }
>;

/** What is wrong with a file as a whole. */
export type FileProblem = Readonly<
  | { code: "noConfig"; lookedFor: readonly string[] }
  | { code: "noSuchFile"; kind: FileKind }
  /** A plan file has to be read a second time, to go on with it. */
  | { code: "planIsStream" }
  /** `setting`: the variable or the key that names the file. */
  | { code: "noNamedFile"; setting: string }
  /** The command line names a service, and no file does. */
  | { code: "noFiles" }
  | { code: "cannotRead"; reason: Reason; setting?: string | undefined }
  | { code: "tooLarge"; text: LargeText; length: number; most: number }
  | { code: "noDefinition"; kind: DefinitionFileKind }
  | { code: "noFamily" | "familyLookedUp" }
  | { code: "badCertificates"; certificates: CertificateProblem; setting: string }
>;

export type CertificateProblem = Readonly<
  | { code: "noEnd" | "empty" | "derForm" | "onlyPrivateKey" | "noCertificate" }
  /** Counts from 1. */
  | { code: "damaged"; number: number }
>;

/** What is wrong with YAML or JSON. */
export type SyntaxProblem = Readonly<
  | { code: "notJson"; expected: string }
  /** `kind`: the YAML library's code. `words`: its message, where that quotes nothing of the file. */
  | { code: "notYaml"; kind: string; words: string | undefined }
  | { code: "nestedTooDeeply" | "badMerge" | "badKey" | "noAnchor" }
  | { code: "noSettings" | "notKeysAndValues"; kind: SettingsFileKind }
  | { code: "notObject"; kind: SettingsFileKind | DefinitionFileKind | "plan" }
  | { code: "twice"; key: string }
>;

/** What is wrong with one key. `write`: what to write in the file. */
export type SettingProblem = Readonly<
  | { code: "missing" | "empty"; key: string; write: string }
  | { code: "wrongType"; key: string; expected: ValueType; found: ValueType | undefined; write?: string }
  | { code: "notKnownKey"; key: string; known: readonly string[]; nearest: readonly string[] }
  | { code: "wrongItems"; key: string; expected: ValueType; found: ValueType }
  | { code: "badValue"; key: string; problem: ValueProblem }
  | { code: "noService" | "severalServices" }
>;

/** What is wrong with the value of a key; `text` is that value. */
export type ValueProblem = Readonly<
  | DurationProblem
  | { code: "noVersion" | "otherVersion"; text: string; format: string }
  | { code: "noRegion" | "badPrefix" | "noState" | "noRole" | "notCount" }
  // Only in a fleet file.
  | { code: "hasConfigBeside" | "hasServiceBeside" | "namesNothing" }
  | NameProblem
  | { code: "functionTaken"; name: string }
  | PlanFileProblem
>;

export type PlanFileProblem = Readonly<
  | { code: "noPlanFormat"; format: string }
  | { code: "otherPlanVersion"; version: number; isNewer: boolean }
  | { code: "noTime" | "noAccount" | "noTaskDefinition" | "serviceTwice" | "noServices" | "noPreflight" | "noBake" }
  | { code: "noneOf"; choices: readonly string[] }
  | { code: "noPlainName"; kind: "service" | "cluster" }
  /** The task definition is in another region or account than the service. */
  | { code: "ofElsewhere"; kind: "region" | "account"; its: string }
  | { code: "notWithoutWaiting" | "notWithUndo" }
  /** The config has come to name another service or cluster. */
  | { code: "configNamesAnother"; kind: "service" | "cluster"; config: string; name: string }
>;

/** What is wrong with how a service is named. `text` is neither a name nor an ARN. */
export type NameProblem = Readonly<
  | { code: "noName"; kind: "service" | "cluster" | "region"; text: string }
  /** Two parts do not agree. */
  | { code: "twoNames"; kind: "cluster" | "region" | "account"; one: string; other: string }
>;

export interface DurationProblem {
  readonly code: "noDuration" | "negativeDuration" | "longDuration";
  readonly text: string | undefined;
}

/** What is wrong with a member of a definition, in the names of ECS's API. */
export type MemberProblem = Readonly<
  | { code: "memberType"; expected: ValueType; found: ValueType }
  | { code: "memberTwice" }
  | { code: "unknownMember"; similar: string | undefined }
  | { code: "notWhole"; least?: number; most?: number }
>;

/** What is wrong with variables of the environment, and with AWS profiles. */
export type EnvironmentProblem = Readonly<
  | { code: "notProxy" | "notAddress" | "notInHeader" | "notRegion"; variable: string }
  | { code: "regionNotSet" | "profileRegion" }
  | { code: "noAuthorities" | "noSignals"; reason: Reason }
  | { code: "credentialProcess"; profile: string }
>;

/** What is wrong with a line of an envfile. */
export type EnvfileProblem = Readonly<
  | { code: "noEquals" | "badVariableName" | "badEnvfileEscape" | "nul" }
  | { code: "refusedVariable"; variable: string }
>;

export type TemplateProblem = Readonly<
  | { code: "spaceMissing" | "actionNotClosed" | "commentNotClosed" | "commentStart" | "commentEnd" }
  | { code: "singleQuotes" | "onlyWholeNumbers" | "badEscape" | "ifNotClosed" }
  | { code: "valueMissing" | "functionMissing" | "notCallable" }
  | { code: "notSupported" | "unexpected" | "noVariable" | "needsParentheses"; text: string }
  | { code: "noPartner"; sign: string; isOnLine: boolean }
  | { code: "noIf"; kind: "else" | "end" }
  | { code: "tooManyNested"; kind: "parentheses" | "ifs" }
  | { code: "unknownFunction"; name: string; why: UnknownFunction | readonly string[] }
  /** `call` as written in the file; `address` where it may be quoted. */
  | { code: "noValue"; call: string; problem: CallProblem; address?: string }
>;

/** Why no function has a name. */
export type UnknownFunction = Readonly<
  | { code: "inDefinitionsOnly" }
  | { code: "unsupportedPlugin"; plugin: string }
  | { code: "maybeOfPlugins"; plugins: readonly string[] }
  | { code: "needsPlugin"; kind: "tfstate" | "cloudformation" }
>;

/** Why a function has no value for its arguments. No member holds an argument, which may be a secret. */
export type CallProblem = Readonly<
  | { code: "wantsArguments"; kind: WantedArguments; given: number }
  | { code: "argumentNotText" | "valueTooLarge" | "notComparable" }
  | { code: "notFound"; kind: Sought }
  | { code: "noStringList" | "needsIndex" }
  | { code: "listEnds"; last: number }
  | { code: "badFormat"; kind: "verb" | "tooFew" | "tooMany" | "notWhole" }
  | { code: "notInState" | "nestedInState" | "noStateAt" | "oldState" | "notState"; state: string }
  | { code: "heavyState"; state: string; length: number }
  | { code: "stateElsewhere"; state: string; url: string | undefined }
  | StateUrlProblem
  // With --untrusted.
  | { code: "hiddenVariable" | "noLookups" }
>;

/** `scheme`: an unsupported one; `undefined` where the URL cannot be read. */
export type StateUrlProblem = Readonly<{ code: "badStateUrl"; scheme: string | undefined }>;

export type WantedArguments =
  | ("address" | "parameter" | "secret" | "output" | "export" | "variable" | "text")
  | ("any" | "one" | "two");

/** Things that were looked up and do not exist. */
export type Sought = "parameter" | "secret" | "stack" | "output" | "export" | "variable";

export type JsonnetProblem = Readonly<
  | { code: "noJsonnet" | "asksAgain" }
  | { code: "jsonnetTooSlow"; limitMs: number }
  | { code: "jsonnetNotRun" | "jsonnetOutput"; reason: Reason }
  /** `message`: from jsonnet, or empty. `variable`: the external variable that it is about. */
  | { code: "jsonnetFailed"; message: string; variable: string | undefined; isImported: boolean }
  | { code: "unknownNative"; call: string; name: string; why: UnknownFunction | undefined }
>;

/** Why the selected services are not known or too many, or why no files are written: exit code 4. */
export type SetProblem = Readonly<
  | { code: "noFileMatches"; pattern: string }
  /** `nearest`: names that may have been meant. */
  | { code: "noClusterMatches"; pattern: string; region: string | undefined; nearest: readonly string[] }
  | {
    code: "noServiceMatches";
    pattern: string;
    /** `key=value` pairs that the services should have. */
    tags: readonly string[];
    clusters: readonly string[];
    region: string | undefined;
    nearest: readonly string[];
  }
  | { code: "tooManyServices"; count: number; most: number }
  | { code: "filesThere"; paths: readonly string[] }
  | { code: "notInFile"; name: string; kind: "fleet" | "plan"; path: string; nearest: readonly string[] }
  | { code: "severalInFile"; name: string; kind: "fleet" | "plan"; path: string; found: readonly string[] }
  | { code: "otherAccount"; arn: string; account: string; own: string }
>;

/** What ends a run with exit code 3. */
export type ConfigProblem = Readonly<
  | FileProblem
  | SyntaxProblem
  | SettingProblem
  | EnvironmentProblem
  | EnvfileProblem
  | TemplateProblem
  | JsonnetProblem
  | MachineProblem
  | { code: "member"; path: string; problem: MemberProblem }
  | { code: "unknownKey"; key: string }
  | { code: "familyNotKnown"; file: FamilyFile; kind: "notNamed" | "missing" | "runsNone" }
>;

/** Why the task definition file names no family. */
export type FamilyFile = Readonly<{ problem: ConfigProblem; position?: FilePosition }>;
