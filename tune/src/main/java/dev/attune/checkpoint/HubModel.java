package dev.attune.checkpoint;

import dev.attune.files.InputException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model on the hub at a revision.
 *
 * @param repo owner/name
 * @param revision branch, tag or commit; "main" where none is named
 */
record HubModel(String repo, String revision) {
    private static final String WORD = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?";
    private static final Pattern SYNTAX = Pattern.compile("(" + WORD + "/" + WORD + ")(?:@(.+))?");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9._+-]+(?:/[A-Za-z0-9._+-]+)*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    HubModel {
        if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
            throw new InputException("\"" + revision + "\" cannot be a revision of " + repo
                    + ": name a branch, a tag or a commit after the @.");
        }
    }

    /** What {@code spec} names when it reads owner/name or owner/name@revision. */
    static Optional<HubModel> parse(String spec) {
        var match = SYNTAX.matcher(spec);
        if (!match.matches() || match.group(1).contains("..")) {
            return Optional.empty();
        }
        return Optional.of(new HubModel(match.group(1), match.group(2) == null ? "main" : match.group(2)));
    }

    boolean isCommit() {
        return isCommit(revision);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    @Override
    public String toString() {
        return revision.equals("main") ? repo : repo + "@" + revision;
    }
}
