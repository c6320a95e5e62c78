/** Certificates of an authority that nobody knows, by the command `openssl`. */

/**
 * Leaves ca.pem, and cert.pem and key.pem for 127.0.0.1, in `folder`.
 *
 * @throws Error when openssl fails
 */
export async function makeCertificates(folder: string): Promise<void> {
  const newKey = ["-newkey", "rsa:2048", "-nodes"];
  const authority = ["-subj", "/CN=test authority", "-addext", "basicConstraints=critical,CA:TRUE"];
  await openssl(folder, "req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", ...authority);
  await openssl(folder, "req", ...newKey, "-keyout", "key.pem", "-out", "leaf.csr", "-subj", "/CN=127.0.0.1");
  await Deno.writeTextFile(`${folder}/leaf.ext`, "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "leaf.ext"];
  await openssl(folder, "x509", "-req", "-in", "leaf.csr", ...signing, "-out", "cert.pem");
}

async function openssl(folder: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, cwd: folder, stdout: "null", stderr: "piped" })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
