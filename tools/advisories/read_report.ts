export const SEVERITIES = ["low", "moderate", "high", "critical"] as const;
export type Severity = typeof SEVERITIES[number];

export interface Advisory {
  /** `GHSA-...`, the end of its address. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly package: string;
  /** The versions that it is about, as npm writes ranges. */
  readonly vulnerable: string;
}

/**
 * Reads what `deno audit` (2.9) prints.
 *
 * @returns `undefined` where the registry could not be asked
 * @throws Error for what cannot be read: to overlook an advisory would be worse
 */
export function readReport(text: string): readonly Advisory[] | undefined {
  if (text.trim() === "") return undefined;
  const found = /^Found (\d+) vulnerabilit/m.exec(text)?.[1];
  const count = /^No known vulnerabilities found/m.test(text) ? 0 : Number(found ?? NaN);
  const advisories = text.split(/^╭ /m).slice(1).map(readAdvisory);
  if (advisories.length !== count) throw new Error("what deno audit prints cannot be read: it may be another version");
  return advisories;
}

function readAdvisory(block: string): Advisory {
  const [title = ""] = block.split("\n", 1);
  const field = (name: string) => new RegExp(`^[│╰] ${name}: +(.+?)\\s*$`, "m").exec(block)?.[1];
  const severity = SEVERITIES.find((one) => one === field("Severity"));
  const id = field("Info")?.split("/").at(-1);
  const name = field("Package");
  if (severity === undefined || id === undefined || name === undefined) {
    throw new Error(`this advisory cannot be read: ${title}`);
  }
  return { id, title: title.trim(), severity, package: name, vulnerable: field("Vulnerable") ?? "" };
}
