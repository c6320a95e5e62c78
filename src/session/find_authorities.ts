import type { Profile } from "../aws/profile.ts";
import { checkSize, LONGEST_LIST, readUserFile } from "../config/user_files.ts";
import { readCertificates } from "../config/read_certificates.ts";
import { ConfigError } from "../errors.ts";
import type { Authorities, Environment, FileReader } from "../host.ts";

/** Where Linux distributions keep all authorities in one file; Go's crypto/x509 looks there, too (root_linux.go). */
const SYSTEM_FILES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

interface Named {
  readonly setting: string;
  readonly path: string;
}

/**
 * Whose certificates are trusted. As for the AWS CLI (botocore's `_get_verify_value`), the file that `AWS_CA_BUNDLE`, the
 * profile's `ca_bundle` or `REQUESTS_CA_BUNDLE` names holds all of them. Without one it is Mozilla's list and the
 * system's store, which `SSL_CERT_FILE` stands in for, as for OpenSSL and Go.
 *
 * @throws ConfigError when a file that is named is missing, cannot be read or holds no certificate
 */
export async function findAuthorities(
  { env, files }: { readonly env: Pick<Environment, "get">; readonly files: FileReader },
  profile: Profile,
): Promise<Authorities> {
  const variable = (name: string) => ({ setting: name, path: env.get(name) });
  const bundles = [
    variable("AWS_CA_BUNDLE"),
    { setting: `ca_bundle of the AWS profile ${profile.name}`, path: profile.caBundle },
    variable("REQUESTS_CA_BUNDLE"),
  ];
  const bundle = bundles.find(isNamed);
  if (bundle !== undefined) return { certificates: await readNamed(bundle, files), besidesKnown: false };
  const own = variable("SSL_CERT_FILE");
  return { certificates: isNamed(own) ? await readNamed(own, files) : await readSystem(files), besidesKnown: true };
}

/** A variable that is set to nothing is not set. */
function isNamed(setting: { setting: string; path: string | undefined }): setting is Named {
  return setting.path !== undefined && setting.path !== "";
}

async function readNamed({ setting, path }: Named, files: FileReader): Promise<readonly string[]> {
  const says = (problem: string) => new ConfigError(`${problem} (${setting} names it)`, { file: path });
  const text = await readUserFile(path, files).catch((error) => {
    throw error instanceof ConfigError ? new ConfigError(`${setting} names ${error.message}`) : error;
  });
  if (text === undefined) throw says("no such file");
  checkSize(text, path, `for a file of certificates (${setting} names it)`, LONGEST_LIST);
  const { certificates, problem } = readCertificates(text);
  if (problem !== undefined) throw says(problem);
  return certificates;
}

/** Nobody has named it: what cannot be read of it is not missed, for Mozilla's list is there. */
async function readSystem(files: FileReader): Promise<readonly string[]> {
  for (const path of SYSTEM_FILES) {
    const text = await files.readText(path).catch(() => undefined);
    // It is long, and read in each run: what cannot be used of it is left to the runtime to find.
    if (text !== undefined) return text.length <= LONGEST_LIST ? [text] : [];
  }
  return [];
}
