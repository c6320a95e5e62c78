/**
 * What `ecspresso --help` prints, 80 columns wide. The build of the executable fills it in, for making it from the
 * grammar would take most of the time of `--help`. `undefined` where the program runs from source.
 */
export const PREPARED_HELP: string | undefined = undefined;
