import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { myservice } from "../emulator/myservice.ts";
import { runCli, withServer } from "./cli_process.ts";

/** What gives the credentials is behind the same proxies as AWS, and they answer in its place, too. */

const PAGE = "<html><body>Please log in</body></html>";
const NO_KEYS = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
const ROLE = { ...NO_KEYS, AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/deploy" };
/** So often: two refusals in a row of AWS's own would end the watching. */
const KEPT = 3;
const SSO_SESSION = "a-session";
const STALE_SESSION = "a-session-of-yesterday";
const LOGIN_SESSION = "arn:aws:iam::123456789012:user/jane";

interface Scene {
  readonly answer: () => Response;
  readonly env: (url: string, home: string) => Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const page = (status: number, headers: Record<string, string> = {}) => () =>
  new Response(PAGE, { status, headers: { server: "squid", "content-type": "text/html", ...headers } });
const webIdentity = (_url: string, home: string) => ({ ...ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: `${home}/token` });

const SCENES: Readonly<Record<string, Scene>> = {
  "of AWS STS, under 403": {
    answer: page(403),
    env: webIdentity,
    says: /CredentialsProviderError: HTTP 403 from 127\.0\.0\.1:\d+ \(squid\), not from AWS: a proxy\?$/m,
  },
  "of AWS STS, with a login at the proxy": {
    answer: page(407),
    env: webIdentity,
    says: /HTTP 407 from 127\.0\.0\.1:\d+ \(squid\): the proxy wants a login\n.*give the proxy's login in HTTPS_PROXY/,
  },
  "of AWS STS, elsewhere": {
    answer: page(302, { location: "https://portal.example/login?token=secret" }),
    env: webIdentity,
    says: /HTTP 302 from 127\.0\.0\.1:\d+ \(squid\) to https:\/\/portal\.example, not from AWS: a proxy or portal\?$/m,
  },
  "of SSO, under 200": {
    answer: page(200),
    env: (_url, home) => ({ ...NO_KEYS, HOME: home, AWS_CONFIG_FILE: `${home}/config`, AWS_PROFILE: "sso" }),
    says: /CredentialsProviderError: HTTP 200 from 127\.0\.0\.1:\d+ \(squid\), not from AWS: a proxy\?$/m,
  },
  "of SSO, asked for a new token": {
    answer: page(200),
    env: (_url, home) => ({ ...NO_KEYS, HOME: home, AWS_CONFIG_FILE: `${home}/config`, AWS_PROFILE: "stale" }),
    says: /Token is expired.* \(asked for them: HTTP 200 from 127\.0\.0\.1:\d+ \(squid\), not from AWS: a proxy\?\)$/m,
  },
  "of what `aws login` has signed in to": {
    answer: page(403),
    env: (_url, home) => ({ ...NO_KEYS, HOME: home, AWS_CONFIG_FILE: `${home}/config`, AWS_PROFILE: "login" }),
    says:
      /CredentialsProviderError: .* \(asked for them: HTTP 403 from 127\.0\.0\.1:\d+ \(squid\), not from AWS: a proxy\?\)$/m,
  },
  "of an instance's metadata, under 200": {
    answer: page(200),
    env: (url) => ({ ...NO_KEYS, AWS_EC2_METADATA_SERVICE_ENDPOINT: url, AWS_EC2_METADATA_DISABLED: "" }),
    says: /what was asked for credentials has answered with something else, not from AWS: a proxy\?$/m,
  },
  "of a container's metadata, which are another's secret": {
    answer: () => new Response("AKIASECRETSECRET"),
    env: (url) => ({ ...NO_KEYS, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/` }),
    says: /what was asked for credentials has answered with something else, not from AWS: a proxy\?$/m,
  },
};

for (const [name, { answer, env, says }] of Object.entries(SCENES)) {
  Deno.test(`a page in the place of credentials is no word of AWS's: ${name}`, async () => {
    await withHome(async (home) => {
      await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
      const url = `http://127.0.0.1:${server.addr.port}`;
      const { code, stderr } = await runCli(url, ["status"], { env: env(url, home) });
      assert.equal(code, 5, stderr);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /AKIA|SyntaxError|secret|Please log in/);
    });
  });
}

Deno.test("credentials that a proxy keeps from a rollback under way are waited for", async () => {
  const emulator = myservice();
  const orders = () => emulator.calls.filter(({ operation }) => operation === "UpdateService").length;
  let kept = 0;
  // Each call asks for new ones: they last for no time at all.
  const sts = () => orders() > 0 && ++kept <= KEPT ? page(403)() : credentialsOfSts();
  await withHome(async (home) => {
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, sts);
    await withServer(emulator, async ({ url }) => {
      const env = { ...webIdentity(url, home), AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${server.addr.port}` };
      const { code, stderr } = await runCli(url, ["rollback", "--revision", "3", "--timeout", "50s"], { env });
      assert.equal(code, 0, stderr);
      assert.ok(kept > KEPT, `kept ${kept} times`);
      assert.equal(orders(), 1);
    });
  });
});

function credentialsOfSts(): Response {
  const expiration = new Date(Date.now()).toISOString();
  const credentials = "<AccessKeyId>AKIDEXAMPLE</AccessKeyId><SecretAccessKey>a-secret-access-key</SecretAccessKey>" +
    `<SessionToken>a-session-token</SessionToken><Expiration>${expiration}</Expiration>`;
  const result = `<AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials>` +
    "</AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>";
  return new Response(
    `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}` +
      "</AssumeRoleWithWebIdentityResponse>",
    { headers: { "content-type": "text/xml" } },
  );
}

async function keepTokens(home: string): Promise<void> {
  const keep = async (path: string, session: string, hash: "sha1" | "sha256", token: unknown) => {
    await Deno.mkdir(`${home}/.aws/${path}`, { recursive: true });
    const name = createHash(hash).update(session).digest("hex");
    await Deno.writeTextFile(`${home}/.aws/${path}/${name}.json`, JSON.stringify(token));
  };
  const [yesterday, tomorrow] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  const sso = { accessToken: "an-access-token", expiresAt: tomorrow };
  await keep("sso/cache", SSO_SESSION, "sha1", sso);
  const renewal = { clientId: "c", clientSecret: "s", refreshToken: "r", registrationExpiresAt: tomorrow };
  await keep("sso/cache", STALE_SESSION, "sha1", { ...sso, ...renewal, expiresAt: yesterday });
  const { privateKey } = generateKeyPairSync("ec", {
    namedCurve: "prime256v1",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "sec1", format: "pem" },
  });
  const keys = { accessKeyId: "A", secretAccessKey: "s", sessionToken: "t", accountId: "123456789012" };
  await keep("login/cache", LOGIN_SESSION, "sha256", {
    accessToken: { ...keys, expiresAt: yesterday },
    ...{ tokenType: "aws_sigv4", clientId: "c", refreshToken: "r", idToken: "i", dpopKey: privateKey },
  });
}

/** A home with a token, a session of SSO that is signed in, and tokens of SSO and `aws login` that are to be renewed. */
async function withHome(test: (home: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir({ prefix: "ecspresso-home-" });
  try {
    await Deno.writeTextFile(`${home}/token`, "a-token");
    await Deno.writeTextFile(
      `${home}/config`,
      `[profile sso]\nsso_session = ${SSO_SESSION}\nsso_account_id = 123456789012\nsso_role_name = deploy\n` +
        `region = ap-northeast-1\n[sso-session ${SSO_SESSION}]\nsso_start_url = https://sso.example/start\n` +
        "sso_region = ap-northeast-1\nsso_registration_scopes = sso:account:access\n" +
        `[profile stale]\nsso_session = ${STALE_SESSION}\nsso_account_id = 123456789012\nsso_role_name = deploy\n` +
        `region = ap-northeast-1\n[sso-session ${STALE_SESSION}]\nsso_start_url = https://sso.example/start\n` +
        "sso_region = ap-northeast-1\nsso_registration_scopes = sso:account:access\n" +
        `[profile login]\nlogin_session = ${LOGIN_SESSION}\nregion = ap-northeast-1\n`,
    );
    await keepTokens(home);
    await test(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
