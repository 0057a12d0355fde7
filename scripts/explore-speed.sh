#!/usr/bin/env bash
# Prints how long projections, clusters and outliers take on this machine. Builds the command line first (./mvnw package).
set -euo pipefail
cd "$(dirname "$0")/.."
./attune --version > /dev/null # builds where sources have changed
exec java -cp "$(cat cli/target/attune.classpath)" scripts/ExploreSpeed.java
