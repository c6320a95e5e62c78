/**
 * What `ecspresso --help` prints, 80 columns wide: the build of the executable puts it here. To make it from the grammar of
 * the command line is most of what `--help` would take. `undefined` where the program is not built.
 */
export const PREPARED_HELP: string | undefined = undefined;
