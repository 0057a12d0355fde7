# Read by the scripts beside it: builds Attune where its sources have changed, and runs a Java file of bench/, or a class on
# CLASSES, with the options that ./attune gives to java. Call from the project's folder.
./attune --version > /dev/null
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE} GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-10000}
export OPENBLAS_THREAD_TIMEOUT=${OPENBLAS_THREAD_TIMEOUT:-14}

attune_java() { # attune_java FILE|CLASS ARGUMENT ...
    local compiler=-XX:TieredStopAtLevel=1
    case $1 in
        bench/Training.java | bench/DryRun.java)
            compiler="-XX:Tier4InvocationThreshold=1000000 -XX:Tier4MinInvocationThreshold=500000 -XX:Tier4CompileThreshold=1000000"
            ;;
        org.openjdk.jmh.Main) compiler= ;;
    esac
    # shellcheck disable=SC2086 # options are words
    java $compiler -XX:+UseSerialGC -Xms64m -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.maxBytes=0 -DOPT_OUT_TRACKING=true \
        -cp "cli/target/attune-cli.jar:$(cat cli/target/attune.classpath)${CLASSES:+:$CLASSES}" ${JAVA_OPTIONS:-} "$@"
}

peer() { # peer ARGUMENT ...: Python with libtorch's own threading, as its users have it
    env -u OMP_WAIT_POLICY -u GOMP_SPINCOUNT -u OPENBLAS_THREAD_TIMEOUT HF_HUB_OFFLINE=1 "${PYTHON:-python3}" "$@"
}
