import assert from "node:assert/strict";
import { hasOpenssl } from "../certificates.ts";
import { runCli } from "./cli_process.ts";
import { withTlsServer } from "./tls_server.ts";

/** An endpoint, or a company's proxy in front of it, whose certificate an authority has signed that nobody knows. */

/** A file as administrators have it: with a mark in front, lines of Windows, remarks, a key and others' certificates. */
function makeUntidy(folder: string): string {
  const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
  const text = `\uFEFF# Company CA (RSA), 2026\n${read("other.pem")}subject=CN = test\n${read("key.pem")}${
    read("ca.pem")
  }# end`;
  return text.replaceAll("\n", "\r\n");
}

async function writeAuthorities(folder: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/untidy.pem`, makeUntidy(folder));
  await Deno.writeTextFile(
    `${folder}/config`,
    `[default]\nca_bundle = ${folder}/other.pem\n[profile company]\nca_bundle = ${folder}/ca.pem\n`,
  );
}

Deno.test({
  name: "an authority is trusted that the AWS CLI's settings, or those of OpenSSL, name, and none else is",
  ignore: !hasOpenssl("the test of certificate authorities"),
  fn: () =>
    withTlsServer(async ({ url, folder }) => {
      await writeAuthorities(folder);
      const [ca, other] = [`${folder}/ca.pem`, `${folder}/other.pem`];
      // `deno run` looks for a newer Deno otherwise, which the executable does not.
      const run = (env: Record<string, string>) =>
        runCli(url, ["status"], { env: { DENO_NO_UPDATE_CHECK: "1", ...env } });

      const profile = { AWS_CONFIG_FILE: `${folder}/config`, AWS_PROFILE: "company" };
      const trusting: Record<string, string>[] = [
        { AWS_CA_BUNDLE: ca, SSL_CERT_FILE: other },
        { AWS_CA_BUNDLE: `${folder}/untidy.pem` },
        { AWS_CA_BUNDLE: `${folder}/trusted.pem` },
        { AWS_CA_BUNDLE: "", REQUESTS_CA_BUNDLE: ca },
        { ...profile, REQUESTS_CA_BUNDLE: other, AWS_SHARED_CREDENTIALS_FILE: await makeCredentials(folder) },
        { SSL_CERT_FILE: ca },
        { DENO_CERT: ca },
      ];
      const trusted = await Promise.all(trusting.map(async (env) => [env, await run(env)] as const));
      for (const [env, { code, stderr }] of trusted) {
        assert.equal(code, 0, `${JSON.stringify(env)}: ${stderr}`);
      }

      const distrusting: Record<string, string>[] = [
        {},
        { AWS_CA_BUNDLE: other, SSL_CERT_FILE: ca },
        { AWS_CA_BUNDLE: other, DENO_CERT: ca },
        { AWS_CONFIG_FILE: `${folder}/config`, SSL_CERT_FILE: ca },
      ];
      const refused = await Promise.all(distrusting.map(async (env) => [env, await run(env)] as const));
      for (const [env, { code, stderr }] of refused) {
        assert.equal(code, 5, `${JSON.stringify(env)}: ${stderr}`);
        assert.match(stderr, /\w+ failed: NotConnected: https:.*invalid peer certificate: UnknownIssuer/);
        assert.match(
          stderr,
          /certificate of 127\.0\.0\.1:\d+; .*a company's proxy .*AWS_CA_BUNDLE.*ca_bundle.*SSL_CERT_FILE/,
        );
      }
    }),
});

/** A profile of the config file that has its keys elsewhere. */
async function makeCredentials(folder: string): Promise<string> {
  const path = `${folder}/credentials`;
  await Deno.writeTextFile(path, "[company]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = example\n");
  return path;
}

Deno.test({
  name: "a broken file of authorities is one line with what names it, and nothing is changed",
  ignore: !hasOpenssl("the test of broken certificate files"),
  fn: () =>
    withTlsServer(async ({ url, folder, targets }) => {
      await Deno.writeTextFile(`${folder}/cut.pem`, (await Deno.readTextFile(`${folder}/ca.pem`)).slice(0, 400));
      const broken: Record<string, RegExp> = {
        "none.pem": /none\.pem: there is no such file \(SETTING names it\)/,
        "": /\/: cannot be read: .*[Dd]irectory.* \(SETTING names it\)/,
        "ca.der": /ca\.der: is in DER form; convert it: openssl x509 .* \(SETTING names it\)/,
        "cut.pem": /cut\.pem: a certificate in it has no end \(SETTING names it\)/,
        "rejected.pem": /rejected\.pem: holds no certificate .*\(SETTING names it\)/,
      };
      for (const [index, [file, message]] of Object.entries(broken).entries()) {
        const setting = ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"][index % 3]!;
        const { code, stderr } = await runCli(url, ["rollback", "--revision", "3"], {
          env: { [setting]: `${folder}/${file}` },
        });
        assert.equal(code, 3, stderr);
        assert.match(stderr, new RegExp(message.source.replace("SETTING", setting)));
        assert.equal(stderr.trim().split("\n").length, 1, stderr);
      }
      assert.deepEqual(targets, []);
    }),
});
