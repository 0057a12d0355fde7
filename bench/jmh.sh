#!/usr/bin/env bash
# Times Attune's inner parts with JMH: tokens, batches, a block, weights, scoring; microseconds an operation, with the half width
# of a 99.9% interval. Needs no model and no data: the built-in MiniLM and the quickstart's texts.
#
#   bench/jmh.sh [PATTERN ...] [JMH OPTION ...]     such as bench/jmh.sh Block -prof gc; all take about 3 minutes
#
#   FORKS        virtual machines that each is measured in, default 2
#   ITERATIONS   measurements of a second in each of them, default 3
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/java.sh
./mvnw -q -B -Pjmh -pl bench/jmh -am package -DskipTests -Dspotless.check.skip
CLASSES=bench/jmh/target/classes:$(cat bench/jmh/target/jmh.classpath)
attune_java org.openjdk.jmh.Main -bm avgt -tu us -foe true -w 1 -wi 2 -r 1 -f "${FORKS:-2}" -i "${ITERATIONS:-3}" "$@"
