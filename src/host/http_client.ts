import { attempt } from "./attempt.ts";
import { type Authorities, type FetchOptions, MachineError, type Proxies } from "../host.ts";

/**
 * Makes the client that a call of `fetch` uses. The runtime takes some settings from variables only, when the first
 * client, or each one, is made: these are changed for that moment, and no program that is started later inherits them.
 *
 * @throws the runtime's error if it cannot load the system's authorities, and one if it can use none of those
 * given
 */
export function makeFetchOptions({ keepsConnections, authorities, proxies }: FetchOptions): object {
  const pool = keepsConnections ? {} : { poolMaxIdlePerHost: 0 };
  const variables = { ...variablesOfAuthorities(authorities), ...variablesOfProxies(proxies) };
  return { client: withVariables(variables, () => createTrusting(authorities, pool)) };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

function createTrusting({ certificates, addsToDefaults }: Authorities, pool: Deno.CreateHttpClientOptions) {
  if (certificates.length === 0) return Deno.createHttpClient(pool);
  try {
    return Deno.createHttpClient({ ...pool, caCerts: [...certificates] });
  } catch {
    // If this throws, the given certificates are not the cause.
    const plain = Deno.createHttpClient(pool);
    // The runtime refuses all certificates because of one that it cannot use. Some systems have such in their stores.
    const usable = certificates.flatMap((text) => text.match(CERTIFICATE) ?? []).filter(isUsable);
    if (usable.length === 0 && addsToDefaults) return plain;
    plain.close();
    if (usable.length === 0) throw new MachineError({ code: "noUsableCertificate" });
    return Deno.createHttpClient({ ...pool, caCerts: usable });
  }
}

function isUsable(certificate: string): boolean {
  const client = attempt(() => Deno.createHttpClient({ caCerts: [certificate] }));
  client?.close();
  return client !== undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** A client's own certificates add to the runtime's; connections without this client know only the runtime's. */
function variablesOfAuthorities({ certificates, addsToDefaults }: Authorities): Variables {
  if (!addsToDefaults) return { DENO_TLS_CA_STORE: "", DENO_CERT: `base64:${btoa(certificates.join(""))}` };
  // On Linux the system's store is a file; elsewhere only the runtime can read it.
  const isSet = valueOf("DENO_TLS_CA_STORE") !== undefined;
  return isSet || Deno.build.os === "linux" ? {} : { DENO_TLS_CA_STORE: "mozilla,system" };
}

function variablesOfProxies({ http, https, direct }: Proxies): Variables {
  return {
    HTTP_PROXY: http,
    HTTPS_PROXY: https,
    NO_PROXY: direct.length > 0 ? direct.join(",") : undefined,
    ...{ ALL_PROXY: undefined, http_proxy: undefined, https_proxy: undefined, no_proxy: undefined },
    all_proxy: undefined,
  };
}

function withVariables<Result>(variables: Variables, make: () => Result): Result {
  const before = Object.keys(variables).map((name) => [name, valueOf(name)] as const);
  set(Object.entries(variables));
  try {
    return make();
  } finally {
    set(before);
  }
}

/** On Windows, names that differ only in case are one variable: all are deleted before any is set. */
function set(variables: readonly (readonly [string, string | undefined])[]): void {
  for (const [name] of variables) Deno.env.delete(name);
  for (const [name, value] of variables) if (value !== undefined) Deno.env.set(name, value);
}

/** `undefined` also for bytes that are not text. */
const valueOf = (name: string) => attempt(() => Deno.env.get(name));
