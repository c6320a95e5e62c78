/** In characters. */
export const LONGEST_QUOTE = 40;

/** What the user wrote, quoted for a message that must stay one short line whatever was written. */
export function quoteTruncated(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
