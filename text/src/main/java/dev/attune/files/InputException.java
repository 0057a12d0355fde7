package dev.attune.files;

import java.io.Serial;

/**
 * Something a user gave (a file, a column, an option, a model folder) cannot be used. The message is one or two
 * sentences that say what is wrong, where (file, line, column, tensor) and what to do; it is printed as it stands.
 */
public final class InputException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
