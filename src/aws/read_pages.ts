/**
 * Reads page by page until no further one is named. A token that comes back ends it, too: it would lead around for ever.
 *
 * @param read is given the token of the page; none for the first one
 */
export async function* readPages<Page extends { readonly nextToken: string | undefined }>(
  read: (nextToken: string | undefined) => Promise<Page>,
): AsyncGenerator<Page, void, void> {
  const seenTokens = new Set<string>();
  let nextToken: string | undefined;
  do {
    const page = await read(nextToken);
    yield page;
    nextToken = page.nextToken;
    if (nextToken !== undefined && seenTokens.has(nextToken)) return;
    if (nextToken !== undefined) seenTokens.add(nextToken);
  } while (nextToken !== undefined);
}
