package io.navarch.kinds.pod;

import java.util.Locale;
import java.util.regex.Pattern;

/// The tag of an image, read from its name as registries read it.
///
/// Source: https://github.com/distribution/reference
final class ImageTag {
    static final String LATEST = "latest";

    private static final String DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String PATH_PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern DOMAIN =
            Pattern.compile("(?:" + DOMAIN_PART + "(?:\\." + DOMAIN_PART + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?");
    private static final Pattern NAME = Pattern.compile("(?<path>" + PATH_PART + "(?:/" + PATH_PART + ")*)"
            + "(?::(?<tag>\\w[\\w.-]{0,127}))?"
            + "(?<digest>@(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}))?");

    /// What looks like an identifier is no name.
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

    /// Images without a domain are those of Docker Hub, in this folder if they name no other.
    private static final String FOLDER = "library/";

    private static final int LONGEST_PATH = 255;

    private ImageTag() {}

    /// `latest` where there is neither tag nor digest; `""` where there is only a digest, and for what is no name.
    static String of(String image) {
        if (IDENTIFIER.matcher(image).matches()) return "";
        int slash = image.indexOf('/');
        var first = image.substring(0, Math.max(slash, 0));
        boolean elsewhere = isDomain(first);
        if (elsewhere && !DOMAIN.matcher(first).matches()) return "";
        var name = NAME.matcher(elsewhere ? image.substring(slash + 1) : image);
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

    private static boolean ofHub(String domain) {
        return domain.equals("docker.io") || domain.equals("index.docker.io");
    }
}
