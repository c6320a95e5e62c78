/** A variable has a value that is no UTF-8. Its message names the variable, and leaves out the value. */
export class NotText extends Error {
  override readonly name = "NotText";
  readonly exitCode = 3;

  constructor(variable: string) {
    super(`the variable ${variable} is no UTF-8 text: set it anew, or unset it`);
  }
}

/** @throws NotText */
export function readVariable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.InvalidData) throw new NotText(name);
    throw error;
  }
}
