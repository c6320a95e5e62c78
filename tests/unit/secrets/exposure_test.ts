import assert from "node:assert/strict";
import { type Exposure, exposureOf, whatNameSays } from "../../../src/secrets/exposure.ts";
import type { LookedUp } from "../../../src/secrets/looked_up.ts";

const RULE: [LookedUp["source"], string, string, Exposure, "marked"?][] = [
  // 1. What is marked is shown to nobody, whatever it is called or looks like.
  ["parameter", "/app/image_tag", "v1.2.3", "never", "marked"],
  ["parameter", "/app/account", "123456789012", "never", "marked"],
  ["state", "output.greeting", "hello there", "never", "marked"],
  // 2. Nor is what its name says is a secret.
  ["variable", "DB_PASSWORD", "hunter22", "never"],
  ["variable", "dbPassword", "hunter22", "never"],
  ["variable", "GITHUB_TOKEN", "ghp_0123456789", "never"],
  ["variable", "DD_API_KEY", "0123456789abcdef", "never"],
  ["parameter", "/app/prod/db-password", "hunter22", "never"],
  ["state", "random_password.db.result", "hunter22", "never"],
  ["state", "module.a.random_password.db[0].result", "hunter22", "never"],
  ["state", 'aws_ssm_parameter.app["x"].value', "hunter22", "never"],
  ["state", "aws_db_instance.main.password", "hunter22", "never"],
  ["state", "output.api_token", "hunter22", "never"],
  ["stack", "DbPassword", "hunter22", "never"],
  ["state", 'output.settings["db_password"]', "hunter22", "never"],
  ["state", 'output.passwords["db"]', "hunter22", "never"],
  ["state", "tls_private_key.app.private_key_pem", "hunter22", "never"],
  ["state", 'data.aws_kms_secrets.app.plaintext["db"]', "hunter22", "never"],
  ["state", 'data.vault_generic_secret.app.data["db"]', "hunter22", "never"],
  ["state", "data.vault_generic_secret.app.data.db", "hunter22", "never"],
  ["variable", "SSH_PRIVATE_KEY", "hunter22", "never"],
  // ... or what it looks like, whatever it is called.
  ["variable", "GIT_REPOSITORY", "https://x-access-token:hunter22@github.com/a/b", "never"],
  ["state", "output.database", "postgres://app:hunter22@db.internal/app", "never"],
  ["variable", "APP_ENV", "-----BEGIN RSA PRIVATE KEY-----\nabc", "never"],
  ["variable", "DEPLOY_TAG", "ghp_0123456789abcdef", "never"],
  // 3. What its name says is public is shown, and so is what nobody keeps secret.
  ["variable", "IMAGE_TAG", "v1.2.3", "always"],
  ["variable", "imageTag", "v1.2.3", "always"],
  ["variable", "GITHUB_SHA", "0123456789abcdef", "always"],
  ["variable", "AWS_REGION", "ap-northeast-1", "always"],
  ["variable", "NODE_ENV", "production", "always"],
  ["variable", "AWS_ACCOUNT_ID", "123456789012", "always"],
  ["parameter", "/app/prod/version", "1.2.3", "always"],
  ["variable", "WHATEVER", "123456789012", "always"],
  ["variable", "WHATEVER", "us-gov-west-1", "always"],
  ["variable", "WHATEVER", "true", "always"],
  // 4. States and stacks hold names of resources.
  ["state", "aws_subnet.a.id", "subnet-0123456789", "always"],
  ["state", "aws_secretsmanager_secret.db.arn", "arn:aws:secretsmanager:x", "always"],
  ["stack", "Subnet", "subnet-0123456789", "always"],
  ["variable", "PRIVATE_SUBNETS", "subnet-0123456789", "always"],
  ["state", "module.vpc.private_subnets[0]", "subnet-0123456789", "always"],
  ["state", "output.secret_arns[0]", "arn:aws:secretsmanager:x", "always"],
  ["state", 'output.secret_arns["db"]', "arn:aws:secretsmanager:x", "always"],
  ["state", "output.repository_url", "https://github.com/a/b", "always"],
  ["variable", "CALLBACK_SERVICE", "https://host/a:b@c", "always"],
  // 5. All else is shown where it is plain.
  ["variable", "RELEASE_CHANNEL", "blue-channel", "wherePlain"],
  ["variable", "DB_SECRET_ARN", "arn:aws:secretsmanager:x", "wherePlain"],
  ["variable", "DB_SECRET_ARN_2", "arn:aws:secretsmanager:x", "wherePlain"],
  ["parameter", "/app/endpoint", "db.internal", "wherePlain"],
  ["secret", "app/db_password", "arn:aws:secretsmanager:x", "wherePlain"],
];

for (const [source, name, text, expected, marked] of RULE) {
  Deno.test(`exposureOf(): ${source} ${name} ${text}${marked ? ", marked as secret" : ""}: ${expected}`, () => {
    assert.equal(exposureOf({ source, name }, text, marked === "marked"), expected);
  });
}

Deno.test("whatNameSays() takes no reference to a secret for one, and no secret for public", () => {
  for (const name of ["SECRET_NAME", "TOKEN_PATH", "DB_PASSWORD_PARAMETER", "AWS_ACCESS_KEY_ID", "TOKEN_SERVICE"]) {
    assert.equal(whatNameSays(name), undefined, name);
  }
  for (const name of ["SECRET_SHA", "PASSWORD_TAG", "PASSWORDS"]) assert.equal(whatNameSays(name), "secret", name);
  for (const name of ["", "/", "PWD", "MONKEY", "COMPASS", "BYPASS"]) assert.equal(whatNameSays(name), undefined, name);
});
