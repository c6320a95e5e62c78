/** An argument as a POSIX shell wants it, for commands that a person is to type. */
export function quoteArgument(argument: string): string {
  return /^[A-Za-z0-9_./:=@,+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
