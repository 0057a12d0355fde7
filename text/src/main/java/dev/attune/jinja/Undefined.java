package dev.attune.jinja;

/**
 * What a name or attribute that is not there evaluates to: empty when it is printed or iterated, false as a condition,
 * and an error in any other use.
 *
 * @param message the error's message
 */
record Undefined(String message) {
    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object owner, Object key) {
        String kind = owner == None.NONE ? "None" : Types.name(owner) + " object";
        return new Undefined(
                key instanceof String
                        ? "'" + kind + "' has no attribute '" + key + "'"
                        : kind + " has no element " + Printing.repr(key));
    }

    /** Attributes that reach into the interpreter or would change a value: they are there, but not for templates. */
    static Undefined unsafe(Object owner, String attribute) {
        return new Undefined("access to attribute '" + attribute + "' of '" + Types.name(owner) + "' object is unsafe");
    }

    TemplateException error() {
        return new TemplateException(message);
    }
}
