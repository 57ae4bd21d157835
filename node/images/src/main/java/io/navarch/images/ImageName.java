package io.navarch.images;

import java.util.regex.Pattern;

/// The name of an image: where it comes from, what it is called there, and which of them it is.
///
/// Source: https://github.com/distribution/reference
public record ImageName(String registry, String repository, String tag) {
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
    private static final Pattern REGISTRY =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?");
    private static final int LONGEST = 255;

    /// Completes what is left out as Docker does: `nginx` is `docker.io/library/nginx:latest`.
    ///
    /// @throws IllegalArgumentException when no image can have this name
    public static ImageName parse(String text) {
        int slash = text.indexOf('/');
        var first = slash < 0 ? "" : text.substring(0, slash);
        boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
        var registry = named ? first : "docker.io";
        var rest = named ? text.substring(slash + 1) : text;
        int colon = rest.lastIndexOf(':');
        boolean tagged = colon > rest.lastIndexOf('/');
        var repository = tagged ? rest.substring(0, colon) : rest;
        if (registry.equals("docker.io") && repository.indexOf('/') < 0) repository = "library/" + repository;
        var name = new ImageName(registry, repository, tagged ? rest.substring(colon + 1) : "latest");
        if (!isRepository(repository)
                || !isTag(name.tag)
                || !REGISTRY.matcher(registry).matches())
            throw new IllegalArgumentException(
                    "no name of an image: \"" + text + "\" (such as app:1 or example.com/app:1)");
        return name;
    }

    public static boolean isRepository(String text) {
        return text.length() <= LONGEST && REPOSITORY.matcher(text).matches();
    }

    public static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    @Override
    public String toString() {
        return registry + "/" + repository + ":" + tag;
    }
}
