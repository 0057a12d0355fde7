package dev.attune.tokenizer;

import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokenizer of a Hugging Face folder: text in, token ids out, equal to transformers'. Truncation is asked for with
 * each call and padding is left to whoever makes batches; what tokenizer.json says about either is not used.
 *
 * <p>Safe for use by several threads. Surrogates without their other half are read as U+FFFD.
 */
public final class Tokenizer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tokenizer.class);
    private static final List<String> FILES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "chat_template.jinja");

    // A native batch holds offsets and strings of all its texts: bounded in texts and in chars.
    private static final int BATCH_TEXTS = 1024;
    private static final int BATCH_CHARS = 1 << 20;

    private final Path folder;
    private final NativeTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final TokenizerSettings settings;
    private final Map<String, SpecialToken> specialTokens;
    private final int prefix;
    private final int suffix;

    private Tokenizer(Path folder, NativeTokenizer tokenizer, Vocabulary vocabulary, TokenizerSettings settings) {
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.settings = settings;
        specialTokens = new HashMap<>();
        settings.specialTokens().forEach((role, content) -> {
            OptionalInt id = vocabulary.id(content);
            if (id.isPresent()) {
                specialTokens.put(role, new SpecialToken(content, id.getAsInt()));
            } else {
                LOG.warn("{}: the {} \"{}\" is not in tokenizer.json and is left out.", folder, role, content);
            }
        });
        int[] added = tokenizer.specialTokensMask("a");
        int text = 0;
        while (text < added.length && added[text] == 1) {
            text++;
        }
        prefix = text;
        suffix = added.length - prefix - tokenizer.encode("a", false).length;
    }

    /**
     * Reads tokenizer.json and, where there, tokenizer_config.json and special_tokens_map.json.
     *
     * @throws InputException when the folder has no tokenizer.json, or one that cannot be read
     */
    public static Tokenizer load(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new InputException(missing(folder));
        }
        String json;
        try {
            json = Files.readString(file);
        } catch (IOException e) {
            throw new InputException("Cannot read " + file + " as UTF-8 text: " + e.getMessage(), e);
        }
        Vocabulary vocabulary = Vocabulary.parse(json, file);
        TokenizerSettings settings = TokenizerSettings.read(folder);
        NativeTokenizer tokenizer;
        try {
            tokenizer = new NativeTokenizer(json);
        } catch (InputException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InputException(file + " is not a tokenizer that can be read: " + e.getMessage(), e);
        }
        try {
            return new Tokenizer(folder, tokenizer, vocabulary, settings);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static String missing(Path folder) {
        if (!Files.isDirectory(folder)) {
            return folder + " is not a folder. A tokenizer is read from a Hugging Face folder with a tokenizer.json.";
        }
        var older = FILES.stream()
                .filter(name -> List.of("vocab.txt", "vocab.json", "merges.txt", "tokenizer.model")
                        .contains(name))
                .filter(name -> Files.exists(folder.resolve(name)))
                .toList();
        String found = older.isEmpty() ? "" : " (there is " + String.join(", ", older) + ")";
        return folder + " has no tokenizer.json" + found
                + ", the only tokenizer file that is read. AutoTokenizer.from_pretrained(…).save_pretrained(…) in"
                + " transformers makes one from the older files.";
    }

    /**
     * The ids of {@code text} with the special tokens around it that the file's post-processor adds, at most
     * {@code maxLength} of them: too long a text loses its end (its beginning, where the file's truncation_side is
     * left), never the special tokens.
     *
     * @throws InputException when {@code maxLength} leaves no room for the special tokens
     */
    public int[] encode(String text, int maxLength) {
        checkRoom(maxLength);
        return truncate(tokenizer.encode(text, true), maxLength);
    }

    /** The same as {@link #encode} for each text, in the order of the texts; on all cores. */
    public List<int[]> encodeAll(List<String> texts, int maxLength) {
        checkRoom(maxLength);
        var all = new ArrayList<int[]>(texts.size());
        var batch = new ArrayList<String>();
        int chars = 0;
        for (String text : texts) {
            batch.add(text);
            chars += text.length();
            if (batch.size() == BATCH_TEXTS || chars >= BATCH_CHARS) {
                encodeBatch(batch, maxLength, all);
                batch.clear();
                chars = 0;
            }
        }
        encodeBatch(batch, maxLength, all);
        return all;
    }

    /** How many ids each text has, special tokens among them and nothing cut. */
    public int[] lengths(List<String> texts) {
        return encodeAll(texts, Integer.MAX_VALUE).stream()
                .mapToInt(ids -> ids.length)
                .toArray();
    }

    private void encodeBatch(List<String> batch, int maxLength, List<int[]> to) {
        if (!batch.isEmpty()) {
            for (int[] ids : tokenizer.encodeBatch(batch.toArray(String[]::new), true)) {
                to.add(truncate(ids, maxLength));
            }
        }
    }

    /** All ids of a text that a model is to go on with: the special tokens before it, and none behind it. */
    public int[] encodeOpen(String text) {
        int[] ids = tokenizer.encode(text, true);
        return Arrays.copyOf(ids, ids.length - suffix);
    }

    /** The ids of the text alone, all of them. */
    public int[] encodeWithoutSpecialTokens(String text) {
        return tokenizer.encode(text, false);
    }

    /** The text of {@code ids}; ids that are not in the vocabulary are left out. */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return tokenizer.decode(ids, skipSpecialTokens);
    }

    /**
     * The tokens of {@code ids} as the vocabulary writes them ("##ing", "Ġthe"): transformers'
     * {@code convert_ids_to_tokens}.
     *
     * @throws IllegalArgumentException when an id is not in the vocabulary
     */
    public List<String> tokens(int[] ids) {
        return Arrays.stream(ids).mapToObj(this::token).toList();
    }

    private String token(int id) {
        String token = vocabulary.token(id);
        if (token == null) {
            throw new IllegalArgumentException("The id " + id + " is not in the vocabulary of " + folder + ".");
        }
        return token;
    }

    /** The number of tokens, added ones included: {@code len(tokenizer)} in transformers. */
    public int vocabSize() {
        return vocabulary.size();
    }

    /** The longest input that the model takes, in tokens, where tokenizer_config.json says it. */
    public OptionalInt modelMaxLength() {
        return settings.modelMaxLength();
    }

    /** The padding token; GPT-2 and many causal models have none, and nothing here needs it. */
    public Optional<SpecialToken> pad() {
        return special("pad_token");
    }

    public Optional<SpecialToken> bos() {
        return special("bos_token");
    }

    public Optional<SpecialToken> eos() {
        return special("eos_token");
    }

    public Optional<SpecialToken> cls() {
        return special("cls_token");
    }

    public Optional<SpecialToken> sep() {
        return special("sep_token");
    }

    public Optional<SpecialToken> unk() {
        return special("unk_token");
    }

    public Optional<SpecialToken> mask() {
        return special("mask_token");
    }

    private Optional<SpecialToken> special(String role) {
        @Nullable SpecialToken token = specialTokens.get(role);
        return Optional.ofNullable(token);
    }

    /** Copies the tokenizer's files as they are into {@code target}, which is made when missing. */
    public void saveTo(Path target) {
        if (target.toAbsolutePath().normalize().equals(folder.toAbsolutePath().normalize())) {
            return;
        }
        for (String name : FILES) {
            Path source = folder.resolve(name);
            if (Files.isRegularFile(source)) {
                AtomicFile.copy(source, target.resolve(name));
            }
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private void checkRoom(int maxLength) {
        int special = prefix + suffix;
        if (maxLength < Math.max(1, special)) {
            throw new InputException("A maximum length of " + maxLength
                    + " tokens leaves no room for text: this tokenizer adds " + special + " special tokens.");
        }
    }

    private int[] truncate(int[] ids, int maxLength) {
        if (ids.length <= maxLength) {
            return ids;
        }
        // ids = prefix, text, suffix; the cut takes ids.length - maxLength of the text.
        int head = settings.truncateLeft() ? prefix : maxLength - suffix;
        int tail = maxLength - head;
        var cut = Arrays.copyOf(ids, maxLength);
        System.arraycopy(ids, ids.length - tail, cut, head, tail);
        return cut;
    }
}
