/** Sizes of tasks as users write them: API reference, RegisterTaskDefinition, `cpu` and `memory`. */

/** CPU units; `undefined` where there is none, NaN for what is no size. */
export function inCpuUnits(size: unknown): number | undefined {
  return inUnits(size, /^(\d*\.?\d+) ?vcpu$/i);
}

/** MiB, likewise. */
export function inMib(size: unknown): number | undefined {
  return inUnits(size, /^(\d*\.?\d+) ?GB$/i);
}

function inUnits(size: unknown, inThousands: RegExp): number | undefined {
  if (size === undefined) return undefined;
  const text = String(size);
  const units = /^\d+$/.test(text) ? Number(text) : 1024 * Number(inThousands.exec(text)?.[1]);
  return Number.isInteger(units) && units > 0 ? units : NaN;
}
