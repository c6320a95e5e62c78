/** One service that a command is about, as the command line names it. */
export interface ServiceEntry {
  /** The path of its config; `undefined`: the config of the working directory. */
  readonly config: string | undefined;
  /** The IAM role that it is reached in; `undefined`: that of the command. */
  readonly role?: string | undefined;
  /** Where many services are changed in turn: the services of wave 1 first. */
  readonly wave: number;
}
