#!/usr/bin/env bash
# Installs a release of ecspresso on a runner of GitHub Actions and puts it on the PATH. Nothing is installed unless the
# SHA-256 is the one in the release's checksums.txt and the executable starts. Runs on bash 3.2, which macOS has.
#
# Takes REQUESTED_VERSION and RELEASE_REPOSITORY from action.yml; GITHUB_SERVER_URL, GITHUB_OUTPUT, GITHUB_PATH,
# RUNNER_OS, RUNNER_ARCH and RUNNER_TEMP from the runner.
set -euo pipefail

readonly attempts=3
readonly server=${GITHUB_SERVER_URL:-https://github.com}
readonly version_pattern='^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$'
readonly by_name="Ask for a release by its name, with version."
is_reported=
staging=

# One annotation, whatever is in the message: a line break could smuggle in another workflow command.
fail() {
  local message=$1
  message=${message//'%'/%25}
  message=${message//$'\r'/%0D}
  message=${message//$'\n'/%0A}
  printf '::error title=ecspresso::%s\n' "$message"
  is_reported=yes
  exit 1
}

# Runs at every end. What no message above foresees (a full disk) has one here.
finish() {
  local code=$?
  if [[ -n $staging ]]; then rm -rf "$staging"; fi
  if ((code != 0)) && [[ -z $is_reported ]]; then fail "the installation failed; the lines above say why."; fi
}

target_of_runner() {
  case $RUNNER_OS-$RUNNER_ARCH in
    Linux-X64) echo x86_64-unknown-linux-gnu ;;
    Linux-ARM64) echo aarch64-unknown-linux-gnu ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
    *) return 1 ;;
  esac
}

# Prints the answer's status and where it came from in the end.
request() {
  local url=$1 file=$2 scheme=${server%%:*}
  curl --silent --show-error --location --max-redirs 5 --proto "=$scheme" --proto-redir "=$scheme" \
    --connect-timeout 15 --max-time 300 --speed-limit 1024 --speed-time 30 \
    --output "$file" --write-out '%{http_code} %{url_effective}' "$url"
}

# Asks again while an answer is lost or the server is in trouble, not when it knows better (404 and the like). Prints
# where the answer came from, or after a failure what it was.
request_patiently() {
  local attempt answer problem
  for ((attempt = 1; attempt <= attempts; attempt++)); do
    if answer=$(request "$1" "$2"); then
      if [[ $answer != [45]* ]]; then
        echo "${answer#* }"
        return
      fi
      problem="HTTP status ${answer%% *}"
      if [[ $answer == 4* && $answer != 408* && $answer != 429* ]]; then break; fi
    else
      problem="no whole answer"
    fi
    if ((attempt < attempts)); then sleep "$attempt"; fi
  done
  echo "$problem"
  return 1
}

download() {
  local url=$1 file=$2 hint=$3 answer
  answer=$(request_patiently "$url" "$file") ||
    fail "$url could not be downloaded ($answer). $hint"
}

# `releases/latest` leads to the tag. Everything else is then asked of that tag: the files of a release that is
# published meanwhile would not fit the checksums.
find_latest_tag() {
  local url=$releases/latest answer
  answer=$(request_patiently "$url" "$staging/latest") || fail "$url could not be read ($answer). $by_name"
  tag=${answer##*/releases/tag/}
  [[ $tag =~ $version_pattern ]] || fail "$url leads to no release but to '$answer'. $by_name"
}

sha256_of() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

# The line of `checksums.txt` is `HASH  NAME`; two of them for one name would make it a matter of luck which holds.
expected_sha256() {
  tr -d '\r' <"$1" | awk -v name="$2" '$2 == name { print tolower($1) }'
}

verify() {
  local file=$1 checksums=$2 name=$3 expected actual
  expected=$(expected_sha256 "$checksums" "$name")
  [[ $expected =~ ^[0-9a-f]{64}$ ]] || fail "checksums.txt of $tag has no SHA-256 for $name. Nothing was installed."
  actual=$(sha256_of "$file")
  [[ $actual == "$expected" ]] ||
    fail "the SHA-256 of $name is $actual, but checksums.txt of $tag says $expected. Nothing was installed."
}

# A Windows runner's paths have backslashes; bash wants none of them, and the PATH of the next steps nothing else.
for_bash() {
  if command -v cygpath >/dev/null; then cygpath --unix "$1"; else echo "$1"; fi
}
for_runner() {
  if command -v cygpath >/dev/null; then cygpath --windows "$1"; else echo "$1"; fi
}

trap finish EXIT
target=$(target_of_runner) ||
  fail "there is no executable for $RUNNER_OS on $RUNNER_ARCH. There are some for Linux and macOS on X64 and ARM64, and for Windows on X64."
suffix=
if [[ $RUNNER_OS == Windows ]]; then suffix=.exe; fi
readonly target suffix
readonly releases=$server/$RELEASE_REPOSITORY/releases

temp=$(for_bash "$RUNNER_TEMP")
staging=$(mktemp -d "$temp/ecspresso.XXXXXX")
readonly temp staging

if [[ $REQUESTED_VERSION == latest ]]; then
  find_latest_tag
elif [[ $REQUESTED_VERSION =~ $version_pattern ]]; then
  tag=v${REQUESTED_VERSION#v}
else
  fail "version must be latest or a release such as 1.0.0, not '$REQUESTED_VERSION'."
fi
readonly tag version=${tag#v}

readonly asset=ecspresso-$target$suffix
readonly executable=$staging/ecspresso$suffix
download "$releases/download/$tag/checksums.txt" "$staging/checksums.txt" "Is $tag a release, with checksums?"
download "$releases/download/$tag/$asset" "$executable" "Nothing was installed."
verify "$executable" "$staging/checksums.txt" "$asset"

chmod +x "$executable"
said=$("$executable" --version | tr -d '\r') || fail "$asset of $tag does not start on this runner. Nothing was installed."
[[ $said == "ecspresso $version" ]] || fail "$asset of $tag says that it is '$said'. Nothing was installed."

readonly directory=$temp/ecspresso/$version
mkdir -p "$directory"
mv -f "$executable" "$directory/ecspresso$suffix"
for_runner "$directory" >>"$GITHUB_PATH"
echo "version=$version" >>"$GITHUB_OUTPUT"
echo "ecspresso $version is on the PATH"
