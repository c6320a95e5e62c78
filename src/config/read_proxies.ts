import { ConfigError } from "../errors.ts";
import type { Environment, Proxies } from "../host.ts";

const SCHEMES = ["http:", "https:", "socks5:", "socks5h:"];

/**
 * The proxies that the environment names. As for the AWS CLI (Python's urllib), `https_proxy` wins over `HTTPS_PROXY`,
 * and a proxy without a scheme is an `http://` one; as for curl, `ALL_PROXY` applies to schemes without their own.
 *
 * @throws ConfigError for a value that is not a proxy's address; it never quotes it, since it may hold a password
 */
export function readProxies(env: Pick<Environment, "get">): Proxies {
  const all = readProxy("ALL_PROXY", env);
  const direct = (valueOf("NO_PROXY", env) ?? "").split(/[\s,]+/).map(normalizeHost).filter((host) => host !== "");
  if (direct.includes("*")) return { http: undefined, https: undefined, direct: [] };
  return { http: readProxy("HTTP_PROXY", env) ?? all, https: readProxy("HTTPS_PROXY", env) ?? all, direct };
}

/**
 * The proxy that a URL is fetched through, as `proxy.example:3128`, for messages: a connection that the proxy refuses
 * looks like one that the server refuses. `undefined` if there is none, or to find out would take address arithmetic.
 */
export function nameProxy({ http, https, direct }: Proxies, url: string): string | undefined {
  const target = URL.parse(url);
  const proxy = target?.protocol === "https:" ? https : http;
  if (target === null || proxy === undefined) return undefined;
  const host = target.hostname.replace(/^\[(.*)\]$/, "$1");
  const isAddress = /^[\d.]+$|:/.test(host);
  const isDirect = direct.some((entry) =>
    isAddress ? entry === host || entry.includes("/") : `.${host}`.endsWith(`.${entry.replace(/^\./, "")}`)
  );
  return isDirect ? undefined : new URL(proxy).host;
}

function valueOf(name: string, env: Pick<Environment, "get">): string | undefined {
  return (env.get(name.toLowerCase()) ?? env.get(name))?.trim() || undefined;
}

function readProxy(name: string, env: Pick<Environment, "get">): string | undefined {
  const value = valueOf(name, env);
  if (value === undefined) return undefined;
  const url = URL.parse(/^[A-Za-z][A-Za-z\d+.-]*:\/\//.test(value) ? value : `http://${value.replace(/^\/\//, "")}`);
  if (url === null || url.hostname === "" || !SCHEMES.includes(url.protocol)) {
    throw new ConfigError({ code: "notProxy", variable: name });
  }
  // Deno ignores a login without a colon.
  const login = url.username === "" ? "" : `${url.username}:${url.password}@`;
  return `${url.protocol}//${login}${url.host}`;
}

/** Deno compares names and addresses, not ports. `*.example.com` means the same as `.example.com`. */
function normalizeHost(entry: string): string {
  return entry.toLowerCase()
    .replace(/^\*\./, ".")
    .replace(/^\[(.*)\](?::\d+)?$/, "$1")
    .replace(/^([^:]*):\d+$/, "$1");
}
