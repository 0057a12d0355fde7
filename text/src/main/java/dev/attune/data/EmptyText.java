package dev.attune.data;

/** What happens to a row whose text is missing, empty or only white space. */
public enum EmptyText {
    /** Reading fails and says how many there are and where the first is: the default, as nothing then goes unseen. */
    FAIL,
    /** The row is left out; how many were is logged as a warning. */
    DROP,
    /** The row stays, with an empty text where it was missing. For predictions that go back beside the rows. */
    KEEP
}
