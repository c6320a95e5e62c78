/**
 * What a pull request can bring along, and what comes of it: the rows of docs/trust.md. Each is planted in a checkout, and
 * the program is run there, with and without --untrusted.
 */

/** Where things are while a power is tried. */
export interface Places {
  /** The working directory, which the pull request has written. */
  readonly checkout: string;
  /** A folder that it has not. */
  readonly outside: string;
  /** A server of the attacker's. */
  readonly catcher: string;
  /** A file that a program of the attacker's makes. */
  readonly trace: string;
}

export interface Planted {
  readonly files: Readonly<Record<string, string>>;
  /** Programs among the files. */
  readonly executable?: readonly string[];
  /** Links in the checkout, and where they lead. */
  readonly links?: Readonly<Record<string, string>>;
  /** What the one who runs the check has in the environment; an empty text unsets a variable. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

/**
 * How it is seen that it has come true: a secret is printed, a program of the pull request has run, its server was sent
 * something, or AWS was called: then the name of the operation.
 */
type Sign = "prints" | "runs" | "sends" | "DescribeSecret" | "GetSecretValue" | "RegisterTaskDefinition";

export interface Power {
  /** The first column of the table in docs/trust.md. */
  readonly name: string;
  readonly plant: (places: Places) => Planted;
  readonly sign: Sign;
  /** What --untrusted says instead. */
  readonly refusal: RegExp;
  /** Whether it is the real `jsonnet` that is run. */
  readonly needsJsonnet?: boolean;
  /** 3 when left out; with 0 the command goes on without it. */
  readonly exitCode?: number;
}

/** What nobody may see who has only written the pull request. */
export const SECRET = "what-only-the-runner-knows";

/** What lies outside of the checkout. */
export const OUTSIDE: Readonly<Record<string, string>> = {
  "task.json": JSON.stringify({ family: SECRET, containerDefinitions: [{ name: "app", image: "app" }] }),
  "secret.txt": SECRET,
  "variables": `TAG=${SECRET}\n`,
  "other.yml": `service: ${SECRET}\n`,
  "terraform.tfstate": JSON.stringify({ version: 4, outputs: { key: { value: SECRET, type: "string" } } }),
};

export const CONFIG = "region: ap-northeast-1\ncluster: default\nservice: myservice\n";
export const TASK_CONFIG = `${CONFIG}task_definition: task.json\n`;

export function task(image: string): string {
  return JSON.stringify({ family: "myservice", containerDefinitions: [{ name: "app", image }] });
}

/** A program in the checkout that leaves a trace, and then says what is expected of it. */
export function script(trace: string, answer: string): string {
  return `#!/bin/sh\necho ran >>'${trace}'\nprintf '%s' '${answer}'\n`;
}

export const SECRET_ARN = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/database_url";
export const KEYS = '{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"a-secret-access-key"}';
export const NO_KEYS = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };

/** A lookup in the image of the task definition, which `render` prints. */
export function lookUp(call: string, plugins = ""): Planted {
  return {
    files: { "ecspresso.yml": `${TASK_CONFIG}${plugins}`, "task.json": task(`app:{{ ${call} }}`) },
    args: ["render", "taskdef"],
  };
}

/** An envfile next to the config, for a command that asks AWS. */
export function setVariable(line: string, files: Record<string, string> = {}): Planted {
  return {
    files: { "ecspresso.yml": CONFIG, ".env": `# the team's\n${line}\n`, ...files },
    args: ["status", "--envfile", ".env"],
  };
}
