import assert from "node:assert/strict";
import { externalDataInterceptor, getHomeDir } from "@smithy/core/config";
import { readProfile } from "../../../src/aws/read_profile.ts";

/** The AWS CLI's files, as the SDK reads them. */
function write(config: string, credentials = ""): void {
  const home = `${getHomeDir()}/.aws`;
  externalDataInterceptor.interceptFile(Deno.env.get("AWS_CONFIG_FILE") ?? `${home}/config`, config);
  externalDataInterceptor.interceptFile(
    Deno.env.get("AWS_SHARED_CREDENTIALS_FILE") ?? `${home}/credentials`,
    credentials,
  );
}

Deno.test("readProfile() reads the profile's certificate authorities, and whether there is such a profile", async () => {
  const cases: [config: string, credentials: string, exists: boolean, caBundle: string | undefined][] = [
    ["[default]\nca_bundle = /etc/ssl/company.pem\n", "", true, "/etc/ssl/company.pem"],
    ["[default]\nregion = eu-west-1\n", "", true, undefined],
    ["", "[default]\naws_access_key_id = AKIDEXAMPLE\n", true, undefined],
    ["[profile other]\nca_bundle = /etc/ssl/other.pem\n", "", false, undefined],
  ];
  for (const [config, credentials, exists, caBundle] of cases) {
    write(config, credentials);
    assert.deepEqual(await readProfile({ set: () => {} }), { name: "default", exists, caBundle }, config);
  }
});
