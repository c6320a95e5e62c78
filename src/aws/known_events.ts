import type { ServiceEvent } from "../model/service.ts";

/** The events of services: up to a hundred come with every answer, and are kept once, however many answers are. */
export class KnownEvents {
  readonly #ofService = new Map<string, readonly ServiceEvent[]>();

  /** Returns the events of a service that was read, those that were read before as they are kept. */
  of(serviceArn: string, events: readonly ServiceEvent[]): readonly ServiceEvent[] {
    const known = new Map(this.#ofService.get(serviceArn)?.map((event) => [event.id, event]));
    const kept = events.map((event) => {
      const before = known.get(event.id);
      return before?.message === event.message && before.createdAtMs === event.createdAtMs ? before : event;
    });
    this.#ofService.set(serviceArn, kept);
    return kept;
  }
}
