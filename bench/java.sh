# Read by the scripts beside it: builds Attune where its sources have changed, and runs a Java file of bench/, or a class on
# CLASSES, with the options that ./attune gives to java. Call from the project's folder.
./attune --version > /dev/null
# shellcheck source=../scripts/java-options.sh
source scripts/java-options.sh
export java_options java_inference java_training
# Some containers hold OpenBLAS to the kernels of an old processor, for results that are alike to the last bit on all. MKL, which
# Python's torch multiplies with, takes what the processor has: so must what stands beside it.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

attune_java() { # attune_java FILE|CLASS ARGUMENT ...
    local compiler=$java_inference
    case $1 in
        bench/Training.java | bench/DryRun.java) compiler=$java_training ;;
        org.openjdk.jmh.Main) compiler= ;;
    esac
    # shellcheck disable=SC2086 # options are words
    java $java_options $compiler \
        -cp "cli/target/attune-cli.jar:$(cat cli/target/attune.classpath)${CLASSES:+:$CLASSES}" ${JAVA_OPTIONS:-} "$@"
}

peer() { # peer ARGUMENT ...: Python with libtorch's own threading, as its users have it
    env -u OMP_WAIT_POLICY -u GOMP_SPINCOUNT -u OPENBLAS_THREAD_TIMEOUT HF_HUB_OFFLINE=1 "${PYTHON:-python3}" "$@"
}
