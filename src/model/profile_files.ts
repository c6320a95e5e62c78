/**
 * The files in which the AWS SDK looks for profiles: those that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`
 * name, else those of the AWS CLI. https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 *
 * @returns `undefined` for a file in a home folder that no variable names: the SDK asks the system for it
 */
export function findProfileFiles(
  env: { get(name: string): string | undefined },
): readonly [config: string | undefined, credentials: string | undefined] {
  const home = env.get("HOME") || env.get("USERPROFILE");
  return [
    inHome(env.get("AWS_CONFIG_FILE") || "~/.aws/config", home),
    inHome(env.get("AWS_SHARED_CREDENTIALS_FILE") || "~/.aws/credentials", home),
  ];
}

/** The SDK expands a `~/` that no shell has expanded. */
function inHome(path: string, home: string | undefined): string | undefined {
  if (!path.startsWith("~/")) return path;
  return home && `${home.replace(/\/+$/, "")}${path.slice(1)}`;
}
