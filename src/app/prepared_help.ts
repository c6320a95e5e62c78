/**
 * What `ecspresso --help` prints, 80 columns wide. The build of the executable fills it in, since making it from the
 * grammar would take most of the time of `--help`. `undefined` if the program runs from source.
 */
export const PREPARED_HELP: string | undefined = undefined;
