/** Where a plugin's Terraform state is. */
export type StateLocation =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "object"; readonly bucket: string; readonly key: string }
  /** Known to Kayac's ecspresso, or to nobody; it matters only when a value is looked up there. */
  | { readonly kind: "unsupported"; readonly reason: string };

const SUPPORTED = "supported: s3://BUCKET/KEY, file:///PATH and a plain path";

/** Reads a state's URL; without a scheme it is a path, relative to the working directory, as in Kayac's ecspresso. */
export function locateState(url: string): StateLocation {
  const scheme = /^([A-Za-z][A-Za-z\d+.-]*):\/\//.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "file", path: url };
  const [, host, path] = /^[^:]*:\/\/([^/]*)(\/.*)?$/s.exec(url)!;
  const decoded = decode(path ?? "");
  if (scheme === "s3" && host !== "" && decoded !== undefined && decoded.length > 1) {
    return { kind: "object", bucket: host!, key: decoded.slice(1) };
  }
  if (scheme === "file" && host === "" && decoded !== undefined) return { kind: "file", path: decoded };
  const isKnown = scheme === "s3" || scheme === "file";
  const problem = isKnown ? "the state's URL cannot be read" : `states at ${scheme}:// are not supported`;
  return { kind: "unsupported", reason: `${problem} (${SUPPORTED})` };
}

/** How a location is named in messages. */
export function describeLocation(location: StateLocation): string {
  if (location.kind === "file") return location.path;
  return location.kind === "object" ? `s3://${location.bucket}/${location.key}` : location.reason;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
