import { quoteTruncated } from "./user_files.ts";

/**
 * The version that `required_version` is compared with. Existing files speak of Kayac's ecspresso there; this program
 * reads the file format of that tool's 2.8, whatever its own version is.
 */
export const CONFIG_FORMAT_VERSION = "2.8.0";

/** Operator, numbers and prerelease of hashicorp/go-version's `VersionRegexpRaw`; build metadata has no influence. */
const CONSTRAINT = new RegExp(
  String.raw`^(<=|>=|!=|~>|<|>|=|)\s*v?(\d+(?:\.\d+)*)` +
    String.raw`((?:-\d|-?[A-Za-z~-])[\dA-Za-z~-]*(?:\.[\dA-Za-z~-]+)*)?(?:\+[\dA-Za-z~-]+(?:\.[\dA-Za-z~-]+)*)?$`,
);

interface Constraint {
  readonly operator: string;
  /** As written: `~> 2.3` and `~> 2.3.0` mean different things. */
  readonly segments: readonly number[];
  readonly hasPrerelease: boolean;
}

/**
 * Checks a `required_version` by the rules of hashicorp/go-version, as Kayac's ecspresso does: constraints separated by
 * commas, all of which must hold; `~>` lets only the last number written grow. (npm's `semver` reads `~>` and the
 * comma otherwise.)
 *
 * @returns what is wrong, in words that follow the key's name, or `undefined` when the constraint holds
 */
export function checkRequiredVersion(constraints: string): string | undefined {
  const version = CONFIG_FORMAT_VERSION.split(".").map(Number);
  const texts = constraints.split(",").map((text) => text.trim());
  const malformed = texts.find((text) => parseConstraint(text) === undefined);
  if (malformed !== undefined) {
    return `cannot read ${quoteTruncated(malformed)} as a version constraint (write ">= 2.0.0, < 3" or "~> 2.3")`;
  }
  const broken = texts.find((text) => !holds(parseConstraint(text)!, version));
  if (broken === undefined) return undefined;
  return `asks for ${quoteTruncated(broken)}, and this program reads the config format of ecspresso ` +
    `${CONFIG_FORMAT_VERSION}`;
}

function parseConstraint(text: string): Constraint | undefined {
  const [, operator = "", numbers, prerelease] = CONSTRAINT.exec(text) ?? [];
  const segments = numbers?.split(".").map(Number);
  if (!segments?.every(Number.isSafeInteger)) return undefined;
  return { operator, segments, hasPrerelease: prerelease !== undefined };
}

function holds({ operator, segments, hasPrerelease }: Constraint, version: readonly number[]): boolean {
  const difference = compare(version, segments);
  // The version checked is a release: it comes after every prerelease of the same number.
  const order = difference === 0 && hasPrerelease ? 1 : difference;
  switch (operator) {
    case "!=":
      return order !== 0;
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
    case "~>":
      // go-version: never for a release when the constraint is a prerelease, nor for one more exact than the version.
      return order >= 0 && !hasPrerelease && segments.length <= version.length &&
        segments.slice(0, -1).every((segment, index) => segment === version[index]);
    default:
      return order === 0;
  }
}

/** Negative, zero or positive, like a sort comparison; numbers that are not written count as 0. */
function compare(left: readonly number[], right: readonly number[]): number {
  const length = Math.max(left.length, right.length);
  const differences = Array.from({ length }, (_, index) => (left[index] ?? 0) - (right[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
