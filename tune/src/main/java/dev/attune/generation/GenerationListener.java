package dev.attune.generation;

/** Gets texts piece by piece while they are generated. */
@FunctionalInterface
public interface GenerationListener {
    /** Listens to nothing. */
    GenerationListener NONE = (prompt, piece) -> true;

    /**
     * More of a text. All pieces of a prompt one after the other are its text; none ends within a character, nor within what may
     * become a stop string.
     *
     * @param prompt which one, counted from 0
     * @return whether to go on with this prompt
     */
    boolean piece(int prompt, String piece);
}
