#!/usr/bin/env bash
# Points the tag of a major version at its newest release: move_major_tag.sh v1.2.3, in a clone with all tags.
# A pre-release moves none, nor does a fix of an older line: v1 would go back to it.
set -euo pipefail

tag=$1
readonly pattern='^v([0-9]+)\.[0-9]+\.[0-9]+$'
if [[ ! $tag =~ $pattern ]]; then
  echo "$tag is a pre-release: no tag is moved"
  exit
fi
major=v${BASH_REMATCH[1]}
newest=$(git tag --list "$major.*" | grep --extended-regexp "$pattern" | sort --version-sort | tail -n 1)
if [[ $newest != "$tag" ]]; then
  echo "$newest is newer than $tag: $major is not moved"
  exit
fi
readonly move=(git push --force origin "refs/tags/$tag^{commit}:refs/tags/$major")
if ! "${move[@]}"; then
  # Of a commit whose workflows are no longer those of any branch, a workflow may push no tag, whatever its permissions.
  echo "$major could not be moved. Where no branch has the workflows of $tag any more, do it in a clone: ${move[*]}" >&2
  exit 1
fi
