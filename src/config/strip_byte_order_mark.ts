/** The text without the byte order mark that Windows editors put first; it would shift every column of line 1. */
export function stripByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
