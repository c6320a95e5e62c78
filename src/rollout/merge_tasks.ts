/** Hands an event on. Resolves once it has been taken. */
export type Send<Event> = (event: Event) => Promise<void>;

/**
 * The events of tasks that run side by side, as they come. A task that awaits `send` goes on when its event was taken, so
 * that nothing goes on before what came of it was seen: should the program end now, that is what it leaves. What `tasks`
 * throws is thrown when all that was sent has been taken.
 *
 * @param tasks what is done side by side; it begins at the first `next()`
 */
export async function* mergeTasks<Event>(
  tasks: (send: Send<Event>) => Promise<void>,
): AsyncGenerator<Event, void, void> {
  const sent: { readonly event: Event; readonly take: () => void }[] = [];
  let wake = () => {};
  let isOver = false;
  const send = (event: Event) =>
    new Promise<void>((take) => {
      sent.push({ event, take });
      wake();
    });
  const over = tasks(send).finally(() => {
    isOver = true;
    wake();
  });
  // It is awaited below.
  over.catch(() => {});
  while (true) {
    const next = sent.shift();
    if (next !== undefined) {
      yield next.event;
      next.take();
    } else if (isOver) break;
    else {
      await new Promise<void>((resolve) => wake = resolve);
      wake = () => {};
    }
  }
  await over;
}
