package io.navarch.agent.decide;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What is wrong with the name of an image, in the words of those who have defined such names.
///
/// Source: https://github.com/distribution/reference
public final class ImageReference {
    private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String HOST = "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+])(?::[0-9]+)?";
    private static final String PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern WHOLE = Pattern.compile(
            "(" + HOST + "/)?(" + PART + "(?:/" + PART
                    + ")*)(?::\\w[\\w.-]{0,127})?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*):([0-9A-Fa-f]{32,}))?");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");
    private static final String INVALID = "invalid reference format";
    private static final String DEFAULT_HOST = "docker.io";
    private static final int LONGEST = 255;

    /// Nothing longer is looked at: the patterns would take their time.
    private static final int MOST = 4096;

    private ImageReference() {}

    /// Empty when it is a name.
    public static Optional<String> problem(String image) {
        if (IDENTIFIER.matcher(image).matches())
            return Optional.of("invalid repository name (" + image + "), cannot specify 64-byte hexadecimal strings");
        int slash = image.indexOf('/');
        var first = slash < 0 ? "" : image.substring(0, slash);
        boolean named = first.equals("localhost")
                || first.contains(".")
                || first.contains(":")
                || !first.equals(first.toLowerCase(Locale.ROOT));
        var rest = named ? image.substring(slash + 1) : image;
        int colon = rest.indexOf(':');
        var remote = colon < 0 ? rest : rest.substring(0, colon);
        boolean official = !rest.contains("/") && (!named || first.equals(DEFAULT_HOST));
        if (official) remote = "library/" + remote;
        if (!remote.equals(remote.toLowerCase(Locale.ROOT)))
            return Optional.of(INVALID + ": repository name (" + remote + ") must be lowercase");
        if (image.length() > MOST) return Optional.of(INVALID);
        var matcher = WHOLE.matcher((named ? first : DEFAULT_HOST) + "/" + (official ? "library/" : "") + rest);
        if (!matcher.matches()) return Optional.of(INVALID);
        if (matcher.group(2).length() > LONGEST)
            return Optional.of("repository name must not be more than " + LONGEST + " characters");
        return matcher.group(3) == null ? Optional.empty() : digest(matcher.group(3), matcher.group(4));
    }

    private static Optional<String> digest(String algorithm, String digits) {
        int length = switch (algorithm) {
            case "sha256" -> 64;
            case "sha384" -> 96;
            case "sha512" -> 128;
            default -> 0;
        };
        if (length == 0) return Optional.of("unsupported digest algorithm");
        if (digits.length() != length) return Optional.of("invalid checksum digest length");
        return digits.equals(digits.toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of("invalid checksum digest format");
    }
}
