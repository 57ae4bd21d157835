package io.navarch.schema.types;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Names of hosts as schemas know them: letters and symbols of all scripts.
final class HostName {
    private static final String CHARACTER = "a-zA-Z0-9\\p{S}\\p{L}";

    /// A host, which has a hyphen nowhere but behind its first character.
    private static final Pattern SINGLE = Pattern.compile("[C](-?[C]{0,62})?".replace("C", CHARACTER));

    private static final Pattern WITH_DOMAIN =
            Pattern.compile("([C]([C-]{0,61}[C])?\\.)+[a-zA-Z\\p{L}]{2,63}".replace("C", CHARACTER));

    private static final int MOST_BYTES = 255;
    private static final int MOST_BYTES_OF_A_LABEL = 63;

    private HostName() {}

    static boolean fits(String text) {
        return text.length() <= MOST_BYTES
                && bytes(text) <= MOST_BYTES
                && (SINGLE.matches(text) || WITH_DOMAIN.matches(text))
                && Arrays.stream(text.split("\\.")).allMatch(label -> bytes(label) <= MOST_BYTES_OF_A_LABEL);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
