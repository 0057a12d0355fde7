package dev.attune.bench;

import dev.attune.tokenizer.Tokenizer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Texts to token ids: all of the quickstart's, on all cores. */
@State(Scope.Benchmark)
public class TokenizerBenchmark {
    private Tokenizer tokenizer;
    private List<String> texts;

    @Setup
    public void load() {
        tokenizer = Tokenizer.load(Inputs.miniLm());
        texts = Inputs.messages().texts();
    }

    @Benchmark
    public List<int[]> encodeAll() {
        return tokenizer.encodeAll(texts, 512);
    }

    @TearDown
    public void close() {
        tokenizer.close();
    }
}
