/** One service that a command is about, as the command line or a fleet file names it. */
export interface ServiceEntry {
  /** The path of its config; `undefined`: the config of the working directory, unless it is `named`. */
  readonly config: string | undefined;
  /** The service itself, where no file is read for it. */
  readonly named?: NamedService | undefined;
  /** The IAM role that it is reached in; `undefined`: that of the command. */
  readonly role?: string | undefined;
  /** Where many services are changed in turn: the services of wave 1 first. */
  readonly wave: number;
}

/** A service by its names alone. */
export interface NamedService {
  /** A name or an ARN. */
  readonly service: string;
  /** A name or an ARN. */
  readonly cluster: string;
  /** `undefined`: that of the environment or of the AWS profile. */
  readonly region: string | undefined;
  /** The options that name it in another command. */
  readonly options: readonly string[];
}
