package io.navarch.agent.numa;

/// Truth values as Go reads them.
public final class GoBoolean {
    private GoBoolean() {}

    /// The value of an option.
    ///
    /// @throws IllegalArgumentException in the kubelet's words
    public static boolean option(String name, String value) {
        return switch (value) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default ->
                throw new IllegalArgumentException("bad value for option \"" + name
                        + "\": strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
        };
    }
}
