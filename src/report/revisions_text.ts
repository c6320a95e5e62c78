import { shortName } from "../model/arn.ts";
import type { DescribedRevision } from "../registry/describe_revisions.ts";
import { displayWidth } from "./live/display_width.ts";
import { formatLocalTime, onOneLine } from "./log.ts";
import { describeUser } from "./messages/uses_text.ts";

/** The columns of a table of revisions, in order. */
const COLUMNS = ["REVISION", "REGISTERED", "IMAGE TAGS", "IN USE BY", "LAST DEPLOYED"] as const;

/** One row of the table of revisions; empty texts where there is nothing to say. */
export function renderRevision({ revision, registeredAtMs, imageTags, user, deployed }: DescribedRevision): string[] {
  return [
    shortName(revision),
    registeredAtMs === undefined ? "" : formatLocalTime(registeredAtMs),
    [...new Set(imageTags)].map(shortenDigest).join(", "),
    user === undefined ? "" : user === "unknown" ? "?" : describeUser(user),
    deployed === undefined ? "" : `${formatLocalTime(deployed.atMs)} ${deployed.status}`,
  ];
}

/** A digest is known by its beginning. */
function shortenDigest(tag: string): string {
  return tag.replace(/^sha256:([0-9a-f]{12})[0-9a-f]+$/, "sha256:$1");
}

/**
 * Lays rows out in columns, a page after the other, each as it comes. The first page decides how wide the columns are, and
 * what is longer later on moves its own line only.
 */
export class RevisionTableLayout {
  #widths: number[] | undefined;

  /** The lines of one page; the first has the heading before it. */
  add(page: readonly (readonly string[])[]): string[] {
    const isFirst = this.#widths === undefined;
    const rows = page.map((row) => row.map(onOneLine));
    this.#widths ??= COLUMNS.map((heading, column) =>
      Math.max(heading.length, ...rows.map((row) => displayWidth(row[column] ?? "")))
    );
    return [...(isFirst ? [COLUMNS] : []), ...rows].map((row) => this.#align(row));
  }

  #align(row: readonly string[]): string {
    const pad = (text: string, width: number) => text + " ".repeat(Math.max(0, width - displayWidth(text)));
    return row.map((text, column) => pad(text, this.#widths?.[column] ?? 0)).join("  ").trimEnd();
  }
}

/** A row as tab-separated values; a tab within a value would be taken for the next column. */
export function renderTsv(row: readonly string[]): string {
  return row.map(onOneLine).join("\t");
}
