package dev.attune.torch;

/** The native libraries behind tensors. Whoever first touches a tensor loads them. */
public final class Libtorch {
    private Libtorch() {}

    /**
     * Begins to load the libraries, which takes some tenths of a second, while the caller does something else. Whoever touches a tensor
     * meanwhile waits. Join the thread before the process exits.
     */
    public static Thread load() {
        var thread = new Thread(
                () -> {
                    try {
                        Class.forName("org.bytedeco.pytorch.global.torch");
                    } catch (ClassNotFoundException | LinkageError e) {
                        return; // whoever touches a tensor is told
                    }
                },
                "libtorch");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
