import assert from "node:assert/strict";
import { ASSET, executable, onRunner, refusal, release, type Runner, sha256 } from "./action_runner.ts";

function testOnRunner(name: string, test: (runner: Runner) => Promise<void>): void {
  // The executable of the made-up releases is a script, which Windows would not start.
  Deno.test({ name: `the action ${name}`, ignore: Deno.build.os === "windows", fn: () => onRunner(test) });
}

testOnRunner("installs the newest release, and asks which that is once only", async ({ folder, page, install }) => {
  page.releases.set("v0.2.0", release("0.2.0"));
  page.latest = "v0.2.0";
  const { code, lines, stderr, path, outputs, left } = await install();
  assert.equal(code, 0, lines.join("\n") + stderr);
  assert.deepEqual([path, outputs], [`${folder}/temp dir/ecspresso/0.2.0\n`, "version=0.2.0\n"]);
  assert.deepEqual(left, ["ecspresso/0.2.0/ecspresso"]);
  assert.equal(page.requests.filter((request) => request === "releases/latest").length, 1);
  const { stdout } = await new Deno.Command(`${path.trim()}/ecspresso`, { args: ["--version"] }).output();
  assert.equal(new TextDecoder().decode(stdout), "ecspresso 0.2.0\n");
});

testOnRunner("installs the release that is named, with or without a v", async ({ page, install }) => {
  page.releases.set("v0.2.0-rc.1", release("0.2.0-rc.1"));
  for (const version of ["0.1.0", "v0.1.0", "0.2.0-rc.1"]) {
    const { code, lines } = await install(version);
    assert.deepEqual([code, lines], [0, [`ecspresso ${version.replace("v", "")} is on the PATH`]]);
  }
  assert.ok(!page.requests.includes("releases/latest"));
});

testOnRunner("takes the executable of the runner's system", async ({ page, install }) => {
  const targets = {
    "Linux-X64": ASSET,
    "Linux-ARM64": "ecspresso-aarch64-unknown-linux-gnu",
    "macOS-X64": "ecspresso-x86_64-apple-darwin",
    "macOS-ARM64": "ecspresso-aarch64-apple-darwin",
    "Windows-X64": "ecspresso-x86_64-pc-windows-msvc.exe",
  };
  page.releases.set("v0.1.0", release("0.1.0", Object.values(targets)));
  for (const [runner, name] of Object.entries(targets)) {
    const [RUNNER_OS, RUNNER_ARCH] = runner.split("-") as [string, string];
    const { code, lines } = await install("0.1.0", { RUNNER_OS, RUNNER_ARCH });
    assert.equal(code, 0, lines.join("\n"));
    assert.equal(page.requests.at(-1), `storage/v0.1.0/${name}`);
  }
});

testOnRunner("speaks of paths as the runner does, on Windows", async ({ folder, page, install }) => {
  const asset = "ecspresso-x86_64-pc-windows-msvc.exe";
  page.releases.set("v0.1.0", release("0.1.0", [asset]));
  // What Git for Windows brings along. Here a path of Windows is one that begins with W: and is of no use to bash.
  const cygpath = '#!/bin/sh\ncase $1 in --unix) echo "${2#W:}" ;; --windows) echo "W:$2" ;; esac\n';
  await Deno.writeTextFile(`${folder}/bin/cygpath`, cygpath, { mode: 0o755 });
  const windows = { RUNNER_OS: "Windows", RUNNER_TEMP: `W:${folder}/temp dir` };
  const { code, lines, path, left } = await install("0.1.0", windows);
  assert.equal(code, 0, lines.join("\n"));
  assert.deepEqual([path, left], [`W:${folder}/temp dir/ecspresso/0.1.0\n`, ["ecspresso/0.1.0/ecspresso.exe"]]);
});

testOnRunner("refuses a runner that there is no executable for, and asks for nothing", async ({ page, install }) => {
  for (const [RUNNER_OS, RUNNER_ARCH] of [["Windows", "ARM64"], ["Linux", "ARM"], ["Plan9", "X64"]] as const) {
    assert.match(refusal(await install("0.1.0", { RUNNER_OS, RUNNER_ARCH })), /^there is no executable for /);
  }
  assert.deepEqual(page.requests, []);
});

testOnRunner("installs nothing that has been tampered with", async ({ page, install }) => {
  page.releases.set("v0.1.0", { ...release("0.1.0"), [ASSET]: executable("0.1.0") + "curl evil.example\n" });
  assert.match(refusal(await install()), /^the SHA-256 of ecspresso-x86_64-unknown-linux-gnu is [0-9a-f]{64}, but /);
});

testOnRunner("installs nothing without exactly one checksum for it", async ({ page, install }) => {
  const good = release("0.1.0");
  const { "checksums.txt": line } = good;
  const lists = ["", `${sha256("")}  another\n`, line.slice(1), `${line}${line}`, `${line.trimEnd()}.exe\n`];
  for (const checksums of lists) {
    page.releases.set("v0.1.0", { ...good, "checksums.txt": checksums });
    assert.match(refusal(await install()), /^checksums\.txt of v0\.1\.0 has no SHA-256 for /, checksums);
  }
});

testOnRunner("installs nothing where the checksums are missing", async ({ page, install }) => {
  page.releases.set("v0.1.0", { [ASSET]: executable("0.1.0") });
  assert.match(refusal(await install()), /checksums\.txt could not be downloaded \(HTTP status 404\)/);
  assert.ok(!page.requests.some((request) => request.endsWith(ASSET)));
});

testOnRunner("takes a 404 for an answer", async ({ page, install }) => {
  assert.match(refusal(await install("9.9.9")), /HTTP status 404\)\. Is v9\.9\.9 a release/);
  page.releases.set("v0.1.0", release("0.1.0", ["another"]));
  assert.match(refusal(await install("0.1.0")), new RegExp(`${ASSET} could not be downloaded \\(HTTP status 404\\)`));
  const asked = page.requests.filter((request) => request.startsWith("storage/"));
  assert.equal(asked.length, 3);
});

testOnRunner("says so when there is no release at all", async ({ page, install }) => {
  page.latest = undefined;
  assert.match(refusal(await install()), /releases\/latest leads to no release .*with version\.$/);
  page.latest = "nightly";
  page.releases.set("nightly", {});
  assert.match(refusal(await install()), /releases\/latest leads to no release /);
});

testOnRunner("asks again when the connection drops or the server is in trouble", async ({ folder, page, install }) => {
  page.troubles.set(ASSET, ["drop", "unavailable"]);
  const { code, lines } = await install();
  assert.equal(code, 0, lines.join("\n"));
  assert.equal(await Deno.readTextFile(`${folder}/pauses`), "1\n2\n");
});

testOnRunner("gives up after three times", async ({ page, install }) => {
  page.troubles.set(ASSET, ["unavailable", "unavailable", "drop", "drop"]);
  assert.match(refusal(await install()), /could not be downloaded \(no whole answer\)\. Nothing was installed\.$/);
  assert.deepEqual(page.troubles.get(ASSET), ["drop"]);
});

testOnRunner("says so when the server cannot be reached", async ({ install }) => {
  const nowhere = { GITHUB_SERVER_URL: "http://127.0.0.1:1" };
  assert.match(refusal(await install("latest", nowhere)), /could not be read \(no whole answer\)/);
});

testOnRunner("refuses what is no version, in one line, whatever is in it", async ({ page, install }) => {
  const versions = ["", "1", "1.2", "../../x", "0.1.0/../..", "0.1.0\n::set-env name=A::b", "$(id)", "LATEST"];
  for (const version of versions) {
    assert.match(refusal(await install(version)), /^version must be latest or a release such as 1\.0\.0, not '/);
  }
  assert.match(refusal(await install("100%\r\n")), /not '100%25%0D%0A'\.$/);
  assert.deepEqual(page.requests, []);
});

testOnRunner("installs nothing that does not start, or is another version", async ({ page, install }) => {
  page.releases.set("v0.1.0", release("0.1.0", [ASSET], "#!/usr/bin/env bash\nexit 1\n"));
  assert.match(refusal(await install()), /of v0\.1\.0 does not start on this runner/);
  page.releases.set("v0.1.0", release("0.1.0", [ASSET], executable("0.0.9")));
  assert.match(refusal(await install()), /of v0\.1\.0 says that it is 'ecspresso 0\.0\.9'/);
});

testOnRunner("leaves what is installed alone when a second installation fails", async ({ folder, page, install }) => {
  const first = await install("0.1.0");
  const again = await install("0.1.0");
  assert.deepEqual([again.code, again.left], [0, first.left]);

  page.releases.set("v0.1.0", { ...release("0.1.0"), [ASSET]: "tampered" });
  const tampered = await install("0.1.0");
  assert.deepEqual([tampered.code, tampered.left, tampered.path], [1, first.left, again.path]);
  const kept = await Deno.readTextFile(`${folder}/temp dir/${first.left[0]}`);
  assert.equal(kept, executable("0.1.0"));
});

testOnRunner("says so in one line when something fails that nobody has thought of", async ({ folder, install }) => {
  await Deno.writeTextFile(`${folder}/temp dir/ecspresso`, "a file where the folder would be");
  const { code, lines, path, left } = await install();
  assert.deepEqual([code, path, left], [1, "", ["ecspresso"]]);
  assert.deepEqual(lines, ["::error title=ecspresso::the installation failed; the lines above say why."]);
});
