import assert from "node:assert/strict";
import { hasOpenssl } from "../certificates.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { runCli, withServer } from "./cli_process.ts";
import { startProxy } from "./connect_proxy.ts";
import { withTlsServer } from "./tls_server.ts";

/** A network that is left through a proxy only, which wants a login. */

const LOGIN = "jane:s3cr@t-word";
const WRITTEN = "jane:s3cr%40t-word";
const NOWHERE = "http://127.0.0.1:1";

/** `deno run` looks for a newer Deno through the proxy, which the executable does not. */
const CALM = { DENO_NO_UPDATE_CHECK: "1" };

Deno.test({
  name: "AWS is reached through the proxy that the environment names, with its login, and past it by NO_PROXY",
  ignore: !hasOpenssl("the test of proxies"),
  fn: () =>
    withTlsServer(async ({ url, folder }) => {
      await using proxy = startProxy(LOGIN);
      const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
      await using secured = startProxy(LOGIN, { cert: read("cert.pem"), key: read("key.pem") });
      const { host } = new URL(url);
      const own = `http://${WRITTEN}@127.0.0.1:${proxy.port}`;
      const run = (env: Record<string, string>) =>
        runCli(url, ["status"], { env: { ...CALM, AWS_CA_BUNDLE: `${folder}/ca.pem`, ...env } });

      const ways: readonly [env: Record<string, string>, isProxied: boolean][] = [
        [{ HTTPS_PROXY: own }, true],
        [{ https_proxy: own, HTTPS_PROXY: NOWHERE, HTTP_PROXY: NOWHERE }, true],
        [{ ALL_PROXY: NOWHERE, HTTPS_PROXY: own.replace("http://", "") }, true],
        [{ ALL_PROXY: own, NO_PROXY: "example.com" }, true],
        [{ HTTPS_PROXY: `https://${WRITTEN}@127.0.0.1:${secured.port}` }, true],
        [{ HTTPS_PROXY: NOWHERE, NO_PROXY: "*" }, false],
        [{ HTTPS_PROXY: NOWHERE, NO_PROXY: "10.0.0.0/8, 127.0.0.0/8" }, false],
        [{ HTTPS_PROXY: NOWHERE, no_proxy: host }, false],
        [{ HTTP_PROXY: NOWHERE }, false],
      ];
      for (const [env, isProxied] of ways) {
        const asked = () => [...proxy.asked, ...secured.asked];
        const before = asked().length;
        const { code, stderr } = await run(env);
        assert.equal(code, 0, `${JSON.stringify(env)}: ${stderr}`);
        assert.equal(asked().length > before, isProxied, JSON.stringify(env));
        assert.ok(asked().every((one) => one === host), asked().join());
      }
    }),
});

Deno.test({
  name: "what a proxy refuses is reported with what to do, and never with its login",
  ignore: !hasOpenssl("the test of proxies that refuse"),
  fn: () =>
    withTlsServer(async ({ url, folder, targets }) => {
      await using proxy = startProxy(LOGIN);
      const at = `@127.0.0.1:${proxy.port}`;
      const refusals: readonly [address: string, code: number, message: RegExp][] = [
        [
          `http://jane:wrong-word${at}`,
          5,
          /proxy authentication required .*\n.*the proxy asks for a login: HTTPS_PROXY=/,
        ],
        [`http://jane:wrong-word@127.0.0.1:1`, 5, /Connection refused .*\(by way of the proxy 127\.0\.0\.1:1\)/],
        [`http://jane:wrong-word@127.0.0.1:1/?#`, 5, /Connection refused/],
        [`http://jane:wrong#word${at}`, 3, /HTTPS_PROXY is not the address of a proxy/],
        [`ftp://jane:wrong-word${at}`, 3, /HTTPS_PROXY is not the address of a proxy/],
      ];
      for (const [address, expected, message] of refusals) {
        const env = { ...CALM, AWS_CA_BUNDLE: `${folder}/ca.pem`, HTTPS_PROXY: address };
        const { code, stdout, stderr } = await runCli(url, ["rollback", "--revision", "3", "--debug"], { env });
        assert.equal(code, expected, stderr);
        assert.match(stderr, message);
        assert.ok(!/jane|wrong/.test(stdout + stderr), stderr);
      }
      assert.deepEqual(targets, []);
    }),
});

Deno.test("plain HTTP goes through HTTP_PROXY, and credentials of the machine past every proxy", async () => {
  const metadata = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () =>
    Response.json({
      AccessKeyId: "AKIDEXAMPLE",
      SecretAccessKey: "a-secret-access-key",
      Token: "a-token",
      Expiration: "2099-01-01T00:00:00Z",
    }));
  await using proxy = startProxy(LOGIN);
  await withServer(createScenario("healthy"), async ({ url }) => {
    const env = {
      ...CALM,
      HTTP_PROXY: `http://${WRITTEN}@127.0.0.1:${proxy.port}`,
      HTTPS_PROXY: NOWHERE,
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${metadata.addr.port}/credentials`,
    };
    const { code, stderr } = await runCli(url, ["status"], { env });
    assert.equal(code, 0, stderr);
    assert.deepEqual([...new Set(proxy.asked)], [new URL(url).host]);
  });
  await metadata.shutdown();
});

Deno.test("credentials of SSO are fetched through the proxy, and its refusal is reported as such", async () => {
  await using home = await Deno.makeTempDir({ prefix: "ecspresso-sso-" }).then((path) => ({
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  }));
  await writeSsoProfile(home.path);
  const portal = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () =>
    Response.json({
      roleCredentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "x", sessionToken: "y", expiration: 4e12 },
    }));
  await using proxy = startProxy(LOGIN);
  await withServer(createScenario("healthy"), async ({ url }) => {
    const run = (login: string) =>
      runCli(url, ["status"], {
        env: {
          ...CALM,
          HOME: home.path,
          AWS_PROFILE: "company",
          AWS_ACCESS_KEY_ID: "",
          AWS_SECRET_ACCESS_KEY: "",
          AWS_ENDPOINT_URL_SSO: `http://127.0.0.1:${portal.addr.port}`,
          HTTP_PROXY: `http://${login}@127.0.0.1:${proxy.port}`,
        },
      });
    const reached = await run(WRITTEN);
    assert.equal(reached.code, 0, reached.stderr);
    assert.ok(proxy.asked.includes(`127.0.0.1:${portal.addr.port}`), proxy.asked.join());
    const refused = await run("jane:wrong-word");
    assert.equal(refused.code, 5, refused.stderr);
    assert.match(refused.stderr, /CredentialsProviderError/);
    assert.ok(!/fetch failed/.test(refused.stderr), refused.stderr);
    assert.ok(!/jane|wrong/.test(refused.stderr), refused.stderr);
  });
  await portal.shutdown();
});

/** As `aws sso login` leaves it. The name of the token's file is the SHA-1 of the session's. */
async function writeSsoProfile(home: string): Promise<void> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode("office")));
  const name = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await Deno.mkdir(`${home}/.aws/sso/cache`, { recursive: true });
  await Deno.writeTextFile(
    `${home}/.aws/config`,
    "[profile company]\nsso_session = office\nsso_account_id = 123456789012\nsso_role_name = deploy\n" +
      "[sso-session office]\nsso_region = us-east-1\nsso_start_url = https://company.awsapps.com/start\n",
  );
  const token = {
    accessToken: "t",
    expiresAt: "2099-01-01T00:00:00Z",
    region: "us-east-1",
    startUrl: "https://company.awsapps.com/start",
  };
  await Deno.writeTextFile(`${home}/.aws/sso/cache/${name}.json`, JSON.stringify(token));
}
