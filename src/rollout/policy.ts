/** How the plans of many services are carried out. */
export interface Policy {
  /** So many services at a time. */
  readonly parallel: number;
  /**
   * What follows where a service fails. `continue`: the others go on. `stop`: no more are begun. `undo`: no more are begun,
   * and those that this run has changed go back to where they were.
   */
  readonly onFailure: "continue" | "stop" | "undo";
}
