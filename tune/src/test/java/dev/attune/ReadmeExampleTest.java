package dev.attune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java examples, taken from the README as they stand there. */
class ReadmeExampleTest {
    private static final Path README = Path.of("..", "README.md");

    @TempDir
    Path folder;

    @Test
    void compile() throws IOException {
        List<String> examples = examples();
        assertThat(examples).isNotEmpty();
        for (int i = 0; i < examples.size(); i++) {
            assertThat(compiled("Example" + i, examples.get(i))).isEmpty();
        }
    }

    @Test
    void areShort() throws IOException {
        assertThat(examples()).allSatisfy(example -> assertThat(example.lines()).hasSizeLessThan(15));
    }

    @Test
    @Tag("real")
    void theFirstTrainsEvaluatesAndClassifies() throws Exception {
        assertThat(compiled("Example", examples().get(0))).isEmpty();
        Path output = folder.resolve("output.txt");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        folder + System.getProperty("path.separator") + absoluteClassPath(),
                        "Example")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).contains("macro avg").containsPattern("(?m)^spam 0\\.9");
        assertThat(folder.resolve("runs/spam/model.safetensors")).isRegularFile();
    }

    private static List<String> examples() throws IOException {
        return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(README))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** Compiles statements as the body of a main method; what the compiler says, which is nothing when all is well. */
    private String compiled(String name, String statements) throws IOException {
        Path source = folder.resolve(name + ".java");
        Files.writeString(
                source,
                imports() + "class " + name + " { public static void main(String[] args) throws Exception {\n"
                        + statements + "} }\n");
        var said = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("-d", folder.toString(), "-cp", absoluteClassPath(), "-proc:none"),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
        }
        return said.toString();
    }

    /** All public packages: an IDE would have added the imports. */
    private static String imports() throws IOException {
        var imports = new StringBuilder("import java.nio.file.*;\nimport java.util.*;\n");
        for (String module : List.of("text", "explore", "tune")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                for (Path file : files.filter(f -> f.endsWith("package-info.java"))
                        .sorted()
                        .toList()) {
                    Matcher matcher =
                            Pattern.compile("^package (.*);", Pattern.MULTILINE).matcher(Files.readString(file));
                    if (matcher.find()) {
                        imports.append("import ").append(matcher.group(1)).append(".*;\n");
                    }
                }
            }
        }
        return imports.toString();
    }

    private static String absoluteClassPath() {
        String separator = System.getProperty("path.separator");
        return Stream.of(System.getProperty("java.class.path").split(separator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((a, b) -> a + separator + b)
                .orElseThrow();
    }
}
