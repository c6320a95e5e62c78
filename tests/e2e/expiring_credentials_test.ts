import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Emulator } from "../emulator/emulator.ts";
import { RESOURCE_ID } from "../emulator/myservice.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { type Ended, runCli, withServer } from "./cli_process.ts";

/**
 * Credentials that AWS refuses from the order on, as those of SSO and of a process do after an hour. Where they come from
 * there are new ones by then: the run goes on with them, and gives auto scaling back.
 */

const ROLLBACK = ["rollback", "--revision", "3", "--suspend-auto-scaling", "--resume-auto-scaling"];
const OLD = { accessKeyId: "ASIAOLD", secretAccessKey: "an-old-secret", sessionToken: "an-old-token" };
const NEW = { accessKeyId: "ASIANEW", secretAccessKey: "a-new-secret", sessionToken: "a-new-token" };
const HOUR_MS = 3_600_000;
const LOOPBACK = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
const NO_KEYS = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };

type Session = typeof OLD;

/** Where a session comes from: files below the user's home, and what the session is when it is asked for. */
interface Source {
  readonly files: (home: string) => Readonly<Record<string, string>>;
  readonly config: (home: string) => string;
  readonly answer?: (request: Request, home: string) => Promise<Response>;
  /** As the session ends. */
  readonly onOrder?: (home: string) => unknown;
}

const ofProcess = ({ accessKeyId, secretAccessKey, sessionToken }: Session, expiration: object) =>
  JSON.stringify({
    Version: 1,
    ...{ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken },
    ...expiration,
  });

/** A `credential_process`. */
const credentialProcess = (expiration: object): Source => ({
  config: (home) => `credential_process = sh ${home}/keys ${home}/ended`,
  files: () => ({
    keys: `if [ -e "$1" ]; then echo '${ofProcess(NEW, expiration)}'; else echo '${ofProcess(OLD, expiration)}'; fi\n`,
  }),
  onOrder: (home) => Deno.writeTextFileSync(`${home}/ended`, ""),
});

const inFile = ({ accessKeyId, secretAccessKey, sessionToken }: Session) =>
  `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n` +
  `aws_session_token = ${sessionToken}\n`;

/** Such as aws-mfa and saml2aws write it. */
const CREDENTIALS_FILE: Source = {
  config: () => "",
  files: () => ({ ".aws/credentials": inFile(OLD) }),
  onOrder: (home) => Deno.writeTextFile(`${home}/.aws/credentials`, inFile(NEW)),
};

const SSO_SESSION = "a-session";

const ofSso = ({ accessKeyId, secretAccessKey, sessionToken }: Session) => ({
  roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: Date.now() + HOUR_MS },
});

/** What `aws sso login` keeps. */
const login = (accessToken: string): readonly [path: string, text: string] => [
  `.aws/sso/cache/${createHash("sha1").update(SSO_SESSION).digest("hex")}.json`,
  JSON.stringify({ accessToken, expiresAt: new Date(Date.now() + HOUR_MS).toISOString() }),
];

/**
 * IAM Identity Center. `isLoggedOut`: the login ends with the session, and the user logs in again in another terminal, when
 * it has been asked for credentials in vain.
 */
function identityCenter(isLoggedOut: boolean): Source {
  let hasEnded = false;
  return {
    config: () =>
      `sso_session = ${SSO_SESSION}\nsso_account_id = 123456789012\nsso_role_name = deploy\n` +
      `[sso-session ${SSO_SESSION}]\nsso_start_url = https://sso.example/start\nsso_region = ap-northeast-1\n` +
      "sso_registration_scopes = sso:account:access",
    files: () => Object.fromEntries([login("the-first")]),
    onOrder: () => {
      hasEnded = true;
    },
    answer: async (request, home) => {
      if (!hasEnded) return Response.json(ofSso(OLD));
      const accessToken = request.headers.get("x-amz-sso_bearer_token");
      if (!isLoggedOut || accessToken === "the-second") return Response.json(ofSso(NEW));
      const [path, text] = login("the-second");
      await Deno.writeTextFile(`${home}/${path}`, text);
      const headers = { "x-amzn-errortype": "UnauthorizedException" };
      return Response.json({ message: "Session token not found or invalid" }, { status: 401, headers });
    },
  };
}

/** Runs a rollback whose session ends with its order, signed with what `source` gives. */
async function rollBack({ files, config, answer, onOrder }: Source): Promise<void> {
  const emulator = createScenario("healthy");
  for (const { accessKeyId, sessionToken } of [OLD, NEW]) emulator.issueKey(accessKeyId, sessionToken);
  const home = await Deno.makeTempDir({ prefix: "ecspresso-home-" });
  const act = () => {
    emulator.expireKey(OLD.accessKeyId);
    onOrder?.(home);
  };
  emulator.inject({ operation: "UpdateService", effect: { kind: "act", when: "after", act } });
  try {
    await Deno.mkdir(`${home}/.aws/sso/cache`, { recursive: true });
    await Deno.writeTextFile(`${home}/.aws/config`, `[default]\n${config(home)}\n`);
    for (const [name, text] of Object.entries(files(home))) await Deno.writeTextFile(`${home}/${name}`, text);
    await using center = Deno.serve(LOOPBACK, (request) => answer!(request, home));
    await withServer(emulator, async ({ url }) => {
      const env = { ...NO_KEYS, HOME: home, AWS_ENDPOINT_URL_SSO: `http://127.0.0.1:${center.addr.port}` };
      assertWentOn(await runCli(url, ROLLBACK, { env }), emulator);
    });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

function assertWentOn({ code, stderr }: Ended, emulator: Emulator): void {
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Service is stable now\. Completed!\n$/);
  const { suspendedState } = emulator.state().scalableTargets[RESOURCE_ID]!;
  assert.deepEqual(Object.values(suspendedState), [false, false, false]);
  const orders = emulator.calls.filter(({ operation }) => operation === "UpdateService");
  assert.deepEqual(orders.map(({ signedBy }) => signedBy), [OLD.accessKeyId]);
  assert.equal(emulator.calls.at(-1)?.signedBy, NEW.accessKeyId);
}

const SOURCES: Readonly<Record<string, Source>> = {
  "a credential_process that does not say when they expire": credentialProcess({}),
  "a credential_process that says when they expire": credentialProcess({
    Expiration: new Date(Date.now() + HOUR_MS).toISOString(),
  }),
  "IAM Identity Center": identityCenter(false),
  "IAM Identity Center, after another login": identityCenter(true),
  "the credentials file, written anew by another program": CREDENTIALS_FILE,
};

for (const [name, source] of Object.entries(SOURCES)) {
  Deno.test({
    name: `credentials that AWS refuses in the middle are asked for again: ${name}`,
    ignore: Deno.build.os === "windows",
    fn: () => rollBack(source),
  });
}
