package dev.attune.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * What a command talks to: results go to {@code out}, progress and errors to {@code err}, all in UTF-8.
 *
 * @param terminal whether a person watches {@code err}, so that a line may be drawn over
 */
record Console(InputStream in, PrintWriter out, PrintWriter err, boolean terminal) {
    static Console ofThisProcess(StandardOutput out) {
        // Not System.out: its character set is the platform's, and it would be wrapped twice.
        return new Console(
                System.in,
                writer(out, false),
                writer(new FileOutputStream(FileDescriptor.err), true),
                Boolean.getBoolean("attune.terminal"));
    }

    private static PrintWriter writer(OutputStream file, boolean autoFlush) {
        return new PrintWriter(new OutputStreamWriter(file, StandardCharsets.UTF_8), autoFlush);
    }
}
