import { shortName } from "../model/arn.ts";
import type { TaggedImage } from "../model/image_tags.ts";
import { parseImageName } from "../model/images.ts";
import type { DescribedEntry } from "../rollout/read/read_history.ts";
import type { PastChoices } from "../rollout/read/read_marks.ts";
import { rowOfEntry } from "./history_text.ts";
import { shortDigest } from "./messages/image_text.ts";
import { formatClockTime, formatLocalTime } from "./messages/log.ts";
import { markOf } from "./revisions_text.ts";
import { TableLayout } from "./table_layout.ts";

const COLUMNS = ["#", "REVISION", "IMAGES", "FROM", "TO", "MARKS", "ENDED"];

/**
 * The deployments to choose from, one line each, numbered from 1, newest first; times are local.
 *
 * @param nowMs by AWS's clock
 */
export function renderPastChoices(choices: PastChoices, nowMs: number): string[] {
  const { entries } = choices;
  const images = renderImages(entries);
  const rows = entries.map((entry, index) => {
    const { fromMs, toMs, isLive, taskDefinition = "", ended } = rowOfEntry(entry, nowMs);
    const from = fromMs === undefined ? "" : formatMinute(fromMs);
    return [
      String(index + 1),
      shortName(taskDefinition),
      images[index]!,
      from,
      isLive ? "now" : toMs === undefined ? "" : formatMinuteAfter(fromMs, toMs),
      marksOf(entry, choices).join(", "),
      ended,
    ];
  });
  return new TableLayout(COLUMNS).add(rows);
}

const MARKS = ["previous", "stable"] as const;

function marksOf({ arn }: DescribedEntry, { marks, marked }: PastChoices): string[] {
  return MARKS.flatMap((name) => {
    const chosen = marks[name];
    return chosen !== undefined && marked[name] === arn ? [markOf(name, chosen)] : [];
  });
}

/** Says which revision a mark means if the list does not have it: it is further back, or older than ECS's record. */
export function* findUnlisted({ entries, marks, marked }: PastChoices): Generator<string> {
  for (const name of MARKS) {
    const chosen = marks[name];
    if (chosen === undefined || chosen.isUnproven || entries.some(({ arn }) => arn === marked[name])) continue;
    yield `${name} is not in the list: ${shortName(chosen)}, by --revision ${name}`;
  }
}

/** `2023/01/01 12:00` */
function formatMinute(ms: number): string {
  return formatLocalTime(ms).slice(0, "2023/01/01 12:00".length);
}

/** Only the time of day if the date is that of `beforeMs`. */
function formatMinuteAfter(beforeMs: number | undefined, ms: number): string {
  const isSameDay = beforeMs !== undefined && new Date(beforeMs).toDateString() === new Date(ms).toDateString();
  return isSameDay ? formatClockTime(ms).slice(0, "12:00".length) : formatMinute(ms);
}

/** The tags of each entry's images; with the digest if the tag is unknown, or named several images in this list. */
function renderImages(entries: readonly DescribedEntry[]): string[] {
  const all = entries.map(({ tagged }) => tagged);
  const keyOf = ({ container, tags: [tag] }: TaggedImage) => `${container} ${tag}`;
  const named = Map.groupBy(all.flat(), keyOf);
  const hasSeveral = (image: TaggedImage) => new Set(named.get(keyOf(image))!.map(({ name }) => name)).size > 1;
  return all.map((images) =>
    images.map((image) => renderImage(image, images.length > 1, hasSeveral(image))).join(", ")
  );
}

function renderImage(
  { container, name, tags: [tag] }: TaggedImage,
  isOneOfMany: boolean,
  isTagShared: boolean,
): string {
  const { digest } = parseImageName(name);
  const shown = tag === undefined || isTagShared ? [tag, digest && shortDigest(digest)] : [tag];
  return `${isOneOfMany ? `${container} ` : ""}${shown.filter((part) => part !== undefined).join("@")}`;
}
