#!/usr/bin/env bash
# Checks ./attune in a copy of this project: first use, two first uses at once, other folders, symbolic links, blanks in
# the path, the wrong Java, a closed pipe, exit codes, a stopped run, a rebuild after a change.
set -euo pipefail
cd "$(dirname "$0")/.."

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
copy="$place/a place with blanks/attune"
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - | tar -xf - -C "$copy"

check() { # check DESCRIPTION CONDITION...
    local what=$1
    shift
    if "$@"; then echo "ok      $what"; else
        echo "FAILED  $what"
        for f in out err; do echo "--- $f"; head -20 "$place/$f" || true; done
        exit 1
    fi
}
run() { # run COMMAND...: leaves its exit code in $code, its streams in $place/out and $place/err
    code=0
    "$@" > "$place/out" 2> "$place/err" || code=$?
}
is() { [ "$1" = "$2" ]; }
count() { grep -c "$1" "$2" || true; }

cd "$place"
"$copy/attune" --version > first.out 2> first.err & first=$!
"$copy/attune" --version > second.out 2> second.err & second=$!
wait $first && wait $second
check "two first uses at once both work" cmp -s first.out second.out
check "only one of them builds, and says so in one line" is "$(cat first.err second.err | count building /dev/stdin)" 1
check "the other says that it waits" is "$(cat first.err second.err | count 'waiting for another build' /dev/stdin)" 1

run "$copy/attune" --help
check "once built, nothing is said on standard error" is "$code,$(cat err)" "0,"
check "the class archive is there" test -s "$(echo "$copy"/target/attune/*.jsa)"

ln -s "$copy/attune" link
mkdir -p bin && ln -s ../link bin/attune
run bin/attune --version
check "it works through a chain of symbolic links" is "$code" 0
run env PATH="$place/bin:$PATH" attune --version
check "it works from the PATH" is "$code" 0

run "$copy/attune" --no-such-option
check "wrong usage is exit code 2" is "$code" 2
run bash -c 'set -o pipefail; "$1" --help | head -n 1' _ "$copy/attune"
check "a closed pipe ends it quietly" is "$code,$(cat err)" "0,"

"$copy/attune" quickstart --out "$place/quick" > out 2> err & quick=$!
until [ -n "$(find "$place/quick" -path '*training-state*' -type f 2> /dev/null)" ]; do
    kill -0 $quick 2> /dev/null || break
    sleep 0.1
done
kill -TERM $quick
code=0
wait $quick || code=$?
check "a run that is stopped saves itself and says how to go on" is "$code,$(count 'train --resume' err)" "143,1"
run "$copy/attune" train --resume "$place/quick/run-1"
check "it is resumed to its end" is "$code,$(count 'The run is in' out)" "0,1"
run env -u LANG -u LC_ALL -u LC_CTYPE "$copy/attune" classify "$place/quick/run-1" "Rückgabe 🙂"
check "arguments are read as UTF-8 without a locale" is "$code,$(count 'Rückgabe 🙂' out)" "0,1"
run bash -c 'set -o pipefail; yes "where is my parcel" | "$1" classify "$2" | head -n 1' _ "$copy/attune" "$place/quick/run-1"
check "classify ends when nobody reads on" is "$(cat err)" ""

run env JAVA_HOME="$place/none" "$copy/attune" --version
check "a JAVA_HOME without java is named" grep -q "$place/none" err
mkdir -p old/bin && ln -s "$(command -v java)" old/bin/java && echo 'JAVA_VERSION="11.0.2"' > old/release
run env JAVA_HOME="$place/old" "$copy/attune" --version
check "a Java that is too old is refused" is "$code,$(count 'Java 11.0.2; 17 or newer' err)" "1,1"

sleep 1
sed -i.bak 's/text classifiers\./text classifiers, changed./' "$copy/cli/src/main/java/dev/attune/cli/Attune.java"
rm "$copy/cli/src/main/java/dev/attune/cli/Attune.java.bak"
run "$copy/attune" --help
check "a changed source is built before the next use" is "$code,$(count changed out),$(count 'sources have changed' err)" "0,1,1"
echo 999999999 > "$copy/target/attune/build.lock"
touch "$copy/cli/pom.xml"
run "$copy/attune" --version
check "the lock of a build that was killed is broken" is "$code" 0

mv "$copy" "$place/moved"
run "$place/moved/attune" --version
check "a project that was moved is built again" is "$code,$(count building err)" "0,1"
echo "this is no Java" > "$place/moved/cli/src/main/java/dev/attune/cli/Broken.java"
run "$place/moved/attune" --version
check "a build that fails shows the errors and exits with 1" is "$code,$(count 'class, interface, enum, or record expected' err)" "1,1"
