# Read by ./attune and the benchmarks: exports what libraries take from the environment, and sets $java_options, and $java_inference or $java_training, for java.
# For sh.

# libtorch's threads spin a tenth of a millisecond or two for each other, then sleep: spinning for long slows busy or shared
# cores down many times, going to sleep at once makes small operations three times slower. The threads of its matrix products
# (OpenBLAS) have a timeout of their own, two to the power of this many cycles of the processor.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}" GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-10000}"
export OPENBLAS_THREAD_TIMEOUT="${OPENBLAS_THREAD_TIMEOUT:-14}"

# Serial collector, and a heap that begins small: it holds only the texts (tensors live outside), and the cores belong to libtorch.
# maxPhysicalBytes=0, maxBytes=0: JavaCPP would count mapped weights as used memory and stop at a multiple of -Xmx.
# OPT_OUT_TRACKING: DJL's tokenizers would otherwise look for a cloud machine's address to report their use to.
java_options="-XX:+UseSerialGC -Xms64m -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.maxBytes=0 -DOPT_OUT_TRACKING=true"

# What Java's second compiler makes comes too late for commands of a second or two and takes a core from libtorch meanwhile.
# Training begins with a checksum of the weights that it alone makes the processor compute: it is kept for what is called a million
# times and for long loops, while the calls that a step is made of are left as the first one made them.
java_inference="-XX:TieredStopAtLevel=1"
# shellcheck disable=SC2034 # read by who reads this file
java_training="-XX:Tier4InvocationThreshold=1000000 -XX:Tier4MinInvocationThreshold=500000 -XX:Tier4CompileThreshold=1000000"
