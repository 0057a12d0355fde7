package dev.attune.generation;

import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What a model expects behind a prompt: its likeliest tokens.
 *
 * @param prompt its text
 * @param promptTokens its tokens as the vocabulary writes them
 * @param candidates from the likeliest on
 */
public record NextTokens(String prompt, List<String> promptTokens, List<Candidate> candidates) {
    /**
     * A token that may come next.
     *
     * @param id its number in the vocabulary
     * @param token as the vocabulary writes it, such as {@code ĠParis}
     * @param text what it adds to the text, such as {@code " Paris"}
     * @param logit the model's score
     * @param probability softmax of the logits over the whole vocabulary
     * @param chance to be chosen, under the options: after penalty, temperature, top-k and top-p
     */
    public record Candidate(int id, String token, String text, double logit, double probability, double chance) {
        /** The text in quotes, with line breaks and tabs as {@code \\n} and {@code \\t}. */
        public String quoted() {
            String shown = text.replace("\\", "\\\\")
                    .replace("\n", "\\n")
                    .replace("\r", "\\r")
                    .replace("\t", "\\t");
            return '"' + shown + '"';
        }
    }

    public NextTokens {
        promptTokens = List.copyOf(promptTokens);
        candidates = List.copyOf(candidates);
    }

    /**
     * @param prompt its ids
     * @param before what a token's text is decoded behind: the prompt, or nothing where an encoder reads it
     * @param logits fp32 (1, V)
     * @param chances fp32 (1, V)
     */
    static NextTokens of(
            Tokenizer tokenizer, String text, int[] prompt, int[] before, Tensor logits, Tensor chances, int count) {
        Tensor best = logits.topk(Math.min(count, logits.size(1))).get1(); // (1, V) -> (1, count)
        int[] ids = Tensors.toInts(best);
        float[] scores = Tensors.toFloats(logits.gather(1, best));
        float[] probabilities = Tensors.toFloats(logits.softmax(1).gather(1, best));
        float[] chosen = Tensors.toFloats(chances.gather(1, best));
        var candidates = new ArrayList<Candidate>();
        for (int i = 0; i < ids.length; i++) {
            var stream = new TextStream(tokenizer, before, List.of());
            String added = stream.add(ids[i]) + stream.finish();
            String token = tokenizer.tokens(new int[] {ids[i]}).get(0);
            candidates.add(new Candidate(ids[i], token, added, scores[i], probabilities[i], chosen[i]));
        }
        return new NextTokens(text, tokenizer.tokens(prompt), candidates);
    }
}
