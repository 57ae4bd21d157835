package io.navarch.kinds.pod;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The tag of an image, read from its name as registries read it.
///
/// Source: https://github.com/distribution/reference
final class ImageTag {
    static final String LATEST = "latest";

    private static final Pattern DOMAIN_PART = Pattern.compile("[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\[[a-fA-F0-9:]+\\]");
    private static final Pattern PORT = Pattern.compile(":[0-9]+$");
    private static final String PATH_PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern NAME = Pattern.compile("(?<path>" + PATH_PART + "(?:/" + PATH_PART + ")*)"
            + "(?::(?<tag>\\w[\\w.-]{0,127}))?"
            + "(?<digest>@(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}))?");

    /// What looks like an identifier is no name.
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

    /// Images without a domain are those of Docker Hub, in this folder if they name no other.
    private static final String FOLDER = "library/";

    private static final int LONGEST_PATH = 255;

    /// A path, a tag and a digest at their longest. Nothing longer is given to the pattern, which needs stack for each
    /// part.
    private static final int LONGEST_NAME = LONGEST_PATH + ":".length() + 128 + "@sha512:".length() + 128;

    private ImageTag() {}

    /// `latest` where there is neither tag nor digest; `""` where there is only a digest, and for what is no name.
    static String of(String image) {
        if (IDENTIFIER.matcher(image).matches()) return "";
        int slash = image.indexOf('/');
        var first = image.substring(0, Math.max(slash, 0));
        boolean elsewhere = isDomain(first);
        if (elsewhere && !wellFormed(first)) return "";
        var rest = elsewhere ? image.substring(slash + 1) : image;
        if (rest.length() > LONGEST_NAME) return "";
        var name = NAME.matcher(rest);
        if (!name.matches()) return "";
        var path = name.group("path");
        boolean inFolder = first.isEmpty() || ofHub(first) && !path.contains("/");
        if (path.length() + (inFolder ? FOLDER.length() : 0) > LONGEST_PATH) return "";
        var tag = name.group("tag");
        if (tag != null) return tag;
        return name.group("digest") == null ? LATEST : "";
    }

    private static boolean isDomain(String first) {
        return first.equals("localhost")
                || first.contains(".")
                || first.contains(":")
                || !first.equals(first.toLowerCase(Locale.ROOT));
    }

    /// @param domain with a port or without
    private static boolean wellFormed(String domain) {
        var host = PORT.matcher(domain).replaceFirst("");
        return ADDRESS.matcher(host).matches()
                || Stream.of(host.split("\\.", -1))
                        .allMatch(part -> DOMAIN_PART.matcher(part).matches());
    }

    private static boolean ofHub(String domain) {
        return domain.equals("docker.io") || domain.equals("index.docker.io");
    }
}
