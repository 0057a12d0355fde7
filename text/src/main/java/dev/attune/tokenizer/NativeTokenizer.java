package dev.attune.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/**
 * One tokenizer of Hugging Face's Rust library, held by its address. Many threads may encode at once; the lock keeps
 * {@link #close()} from freeing it under them.
 *
 * <p>DJL's own HuggingFaceTokenizer is left out: it copies offsets, words and token strings of every text, and reports
 * its use to a server when it is made.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final TokenizersLibrary LIBRARY = NativeLibrary.load();

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private long address;

    /** @param json the content of a tokenizer.json; its own truncation and padding are switched off */
    NativeTokenizer(String json) {
        address = LIBRARY.createTokenizerFromString(json);
        LIBRARY.disableTruncation(address);
        LIBRARY.disablePadding(address);
    }

    int[] encode(String text, boolean addSpecialTokens) {
        String wellFormed = wellFormed(text);
        return call(tokenizer -> takeIds(LIBRARY.encode(tokenizer, wellFormed, addSpecialTokens)));
    }

    int[][] encodeBatch(String[] texts, boolean addSpecialTokens) {
        var wellFormed = new String[texts.length];
        for (int i = 0; i < texts.length; i++) {
            wellFormed[i] = wellFormed(texts[i]);
        }
        return call(tokenizer -> {
            long[] encodings = LIBRARY.batchEncode(tokenizer, wellFormed, addSpecialTokens);
            var ids = new int[encodings.length][];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = takeIds(encodings[i]);
            }
            return ids;
        });
    }

    /** 1 for each id that the post-processor adds around {@code text}, 0 for the text's own. */
    int[] specialTokensMask(String text) {
        return call(tokenizer -> {
            long encoding = LIBRARY.encode(tokenizer, text, true);
            try {
                return toInts(LIBRARY.getSpecialTokenMask(encoding));
            } finally {
                LIBRARY.deleteEncoding(encoding);
            }
        });
    }

    String decode(int[] ids, boolean skipSpecialTokens) {
        var longs = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            longs[i] = ids[i];
        }
        return call(tokenizer -> LIBRARY.decode(tokenizer, longs, skipSpecialTokens));
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (address != 0) {
                LIBRARY.deleteTokenizer(address);
                address = 0;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private <T> T call(LongFunction<T> function) {
        lock.readLock().lock();
        try {
            if (address == 0) {
                throw new IllegalStateException("The tokenizer is closed.");
            }
            return function.apply(address);
        } finally {
            lock.readLock().unlock();
        }
    }

    private static int[] takeIds(long encoding) {
        try {
            return toInts(LIBRARY.getTokenIds(encoding));
        } finally {
            LIBRARY.deleteEncoding(encoding);
        }
    }

    private static int[] toInts(long[] longs) {
        var ints = new int[longs.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = Math.toIntExact(longs[i]);
        }
        return ints;
    }

    /** Surrogates without their other half are no Unicode text: each becomes U+FFFD, as a decoder would have it. */
    private static String wellFormed(String text) {
        StringBuilder mended = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                mended = mended == null ? new StringBuilder(text) : mended;
                mended.setCharAt(i, '\uFFFD');
            }
        }
        return mended == null ? text : mended.toString();
    }
}
