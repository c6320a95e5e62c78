/** What a plan has come to: sentences for one line, and what else there is to say, a line each. */
export interface Said {
  readonly sentences: readonly string[];
  readonly more?: readonly string[];
}
