import { ANSWER_TOO_LARGE, AwsError } from "../errors.ts";
import { inMib, LARGEST_ANSWER_BYTES } from "../host/bounds.ts";

/**
 * Reads page by page until no further one is named. A token that comes back ends it, too: it would lead around for ever.
 *
 * @param operation what the pages are called by
 * @param read is given the token of the page; none for the first one
 * @throws AwsError where all pages together are more than one answer may be: 200,000 revisions are not
 */
export async function* readPages<Page extends { readonly nextToken: string | undefined }>(
  operation: string,
  read: (nextToken: string | undefined) => Promise<Page>,
): AsyncGenerator<Page, void, void> {
  const seenTokens = new Set<string>();
  let nextToken: string | undefined;
  let length = 0;
  do {
    const page = await read(nextToken);
    length += JSON.stringify(page).length;
    if (length > LARGEST_ANSWER_BYTES) {
      const detail = `the list is refused: its pages are more than ${inMib(LARGEST_ANSWER_BYTES)}`;
      throw new AwsError({ operation, kind: "lost", code: ANSWER_TOO_LARGE, detail });
    }
    yield page;
    nextToken = page.nextToken;
    if (nextToken !== undefined && seenTokens.has(nextToken)) return;
    if (nextToken !== undefined) seenTokens.add(nextToken);
  } while (nextToken !== undefined);
}
