package dev.attune.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** One run of the attune command in this process: its exit code and what it wrote. */
record CommandRun(int code, String out, String err) {
    static CommandRun attune(String... args) {
        return attuneReading("", args);
    }

    static CommandRun attuneReading(String standardInput, String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        var in = new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.UTF_8));
        var console = new Console(in, new PrintWriter(out), new PrintWriter(err), false);
        int code = Attune.run(console, args);
        console.out().flush();
        console.err().flush();
        return new CommandRun(code, out.toString(), err.toString());
    }
}
