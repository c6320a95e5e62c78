/** What goes over the wire between a client and the emulator. */

/** A request over HTTP, as far as an operation depends on it. */
export interface EmulatorRequest {
  /** The value of `X-Amz-Target`; empty where there is none, as in requests to IAM and S3. */
  target: string;
  body: string;
  /** `POST` when left out. */
  method?: string;
  /** With the query string, if there is one; `/` when left out. */
  path?: string;
  /** The value of `Host`, from which S3 may take the bucket. */
  host?: string;
  /** The value of `Authorization`, which names the access key that has signed. */
  authorization?: string;
  /** The value of `X-Amz-Security-Token`. */
  securityToken?: string;
  /** What CloudTrail would keep as `userAgent`. */
  userAgent?: string;
  /** Said where the program under test is the sender: what it sends has to be as AWS's model says. */
  sender?: "program";
}

/** An answer over HTTP. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** The connection breaks in the middle of the body. */
  halfSent?: true;
  /** How long the answer takes; the server waits, the emulator does not. */
  delayMs?: number;
  /** How far the `Date` of the answer is from the true time. */
  dateOffsetMs?: number;
}

/** The connection is closed without any answer. */
export interface DroppedConnection {
  drop: true;
  delayMs?: number;
}

export type EmulatorResponse = Answer | DroppedConnection;
