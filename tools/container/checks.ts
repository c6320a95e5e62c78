import { makeCertificates } from "../../tests/certificates.ts";
import { createScenario } from "../../tests/emulator/scenarios.ts";
import { startEmulatorServer } from "../../tests/emulator/server.ts";
import type { Image } from "./read_dockerfile.ts";
import { type Ended, runInRoot, type RunOptions } from "./root_file_system.ts";

/** A container to be: its root file system, and the folder that is mounted into it. */
export interface Container {
  readonly root: string;
  readonly work: string;
  readonly image: Image;
}

export interface Check {
  readonly name: string;
  /** What is wrong; `undefined` when all is well. */
  run(container: Container): Promise<string | undefined>;
}

/** The mounted folder. */
export const FILES: Readonly<Record<string, string>> = {
  "ecspresso.yml":
    "region: ap-northeast-1\ncluster: default\nservice: myservice\ntask_definition: ecs-task-def.jsonnet\n",
  "ecs-task-def.jsonnet":
    "{ family: 'myservice', containerDefinitions: [{ name: 'app', image: 'app:' + std.extVar('tag') }] }\n",
};

const REGION = { AWS_REGION: "ap-northeast-1", AWS_EC2_METADATA_DISABLED: "true" };
const KEYS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "a-secret-access-key" };
const PROFILE = "[staging]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = a-secret-access-key\n";
const PLAN = ["rollback", "--revision", "3", "--dry-run"];
const BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

export const CHECKS: readonly Check[] = [
  {
    name: "the program starts",
    run: async (container) => expect(await ecspresso(container, ["--version"]), 0, /^ecspresso \d/),
  },
  {
    name: "it is not root, and nothing can be written, not even at home",
    async run({ root, work, image }) {
      const probe = 'id -u; for folder in / /tmp "$HOME" .; do touch "$folder/probe" && echo "written: $folder"; done';
      const ended = await runInRoot(root, work, image, ["/bin/sh", "-c", probe], { env: { LC_ALL: "C" } });
      const refusals = ended.stderr.match(/Read-only file system/g)?.length;
      return ended.stdout === `${image.user.split(":")[0]}\n` && refusals === 4 ? undefined : told(ended);
    },
  },
  {
    name: "a rollback, with keys in the environment",
    run: (container) =>
      withEmulator(async (url) =>
        expect(
          await ecspresso(container, ["rollback", "--revision", "3"], { env: { ...KEYS, AWS_ENDPOINT_URL: url } }),
          0,
          /Completed!/,
        )
      ),
  },
  {
    name: "a plan, with the credentials of an ECS task role",
    run: (container) =>
      withEmulator((url) =>
        withTaskRole(async (role) => {
          const env = { AWS_ENDPOINT_URL: url, AWS_CONTAINER_CREDENTIALS_FULL_URI: role };
          return expect(await ecspresso(container, PLAN, { env }), 0, /Plan of the rollback/);
        })
      ),
  },
  {
    name: "a plan, with a profile that is mounted at /.aws, as a user that the image does not know",
    run: (container) =>
      withEmulator(async (url) => {
        await Deno.mkdir(`${container.root}/.aws`);
        await Deno.writeTextFile(`${container.root}/.aws/credentials`, PROFILE);
        const env = { AWS_ENDPOINT_URL: url, AWS_PROFILE: "staging", HOME: "/" };
        return expect(await ecspresso(container, PLAN, { env, user: "1000:1000" }), 0, /Plan of the rollback/);
      }),
  },
  {
    name: "a definition in Jsonnet",
    run: async (container) =>
      expect(await ecspresso(container, ["render", "taskdef", "--ext-str", "tag=1.4.0"]), 0, /"image": "app:1\.4\.0"/),
  },
  {
    name: "TLS: an authority is trusted once it is among the image's own",
    run: (container) =>
      withTls(async (url, authority) => {
        const env = { ...KEYS, AWS_ENDPOINT_URL: url };
        const plan = () => ecspresso(container, PLAN, { env });
        const unknown = expect(await plan(), 5, /certificate/);
        await Deno.writeTextFile(`${container.root}${BUNDLE}`, authority, { append: true });
        return unknown ?? expect(await plan(), 0, /Plan of the rollback/);
      }),
  },
];

function ecspresso({ root, work, image }: Container, args: readonly string[], options: RunOptions = {}) {
  return runInRoot(root, work, image, [...image.entrypoint, ...args], {
    ...options,
    env: { ...REGION, ...options.env },
  });
}

function expect(ended: Ended, code: number, output: RegExp): string | undefined {
  return ended.code === code && output.test(ended.stdout + ended.stderr) ? undefined : told(ended);
}

function told({ code, stdout, stderr }: Ended): string {
  return `exit code ${code}\n${stdout}${stderr}`;
}

type Use<T> = (url: string) => Promise<T>;

/** The network is this machine's. */
async function withEmulator<T>(use: Use<T>): Promise<T> {
  const server = await startEmulatorServer(createScenario("crash_loop"), { speed: 20 });
  try {
    return await use(server.url);
  } finally {
    await server.close();
  }
}

/** What an ECS agent answers its tasks. */
async function withTaskRole<T>(use: Use<T>): Promise<T> {
  const answer = {
    AccessKeyId: "AKIDEXAMPLE",
    SecretAccessKey: "a-secret-access-key",
    Token: "a-token",
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => Response.json(answer));
  try {
    return await use(`http://127.0.0.1:${server.addr.port}/credentials`);
  } finally {
    await server.shutdown();
  }
}

/** An emulator behind TLS, whose certificate is of an authority that nobody knows; its certificate in PEM. */
async function withTls<T>(use: (url: string, authority: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-tls-" });
  try {
    await makeCertificates(folder);
    const [authority, cert, key] = await Promise.all(
      ["ca.pem", "cert.pem", "key.pem"].map((name) => Deno.readTextFile(`${folder}/${name}`)),
    );
    const emulator = createScenario("healthy");
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert: cert!, key: key!, onListen: () => {} },
      async (request) => {
        const target = request.headers.get("x-amz-target") ?? "";
        const answer = emulator.handle({ target, body: await request.text() });
        if ("drop" in answer) throw new Error("nothing is dropped here");
        return new Response(answer.body, { status: answer.status, headers: answer.headers });
      },
    );
    try {
      return await use(`https://127.0.0.1:${server.addr.port}`, authority!);
    } finally {
      await server.shutdown();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
