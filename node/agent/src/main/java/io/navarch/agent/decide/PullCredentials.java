package io.navarch.agent.decide;

import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.model.Secret;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a pod's secrets say about the registry that an image comes from.
///
/// Source: https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
public final class PullCredentials {
    private static final String JSON_KEY = ".dockerconfigjson";
    private static final String OLD_KEY = ".dockercfg";
    private static final String AUTHS = "auths";
    private static final String USER = "username";
    private static final String PASSWORD = "password";
    private static final String BOTH = "auth";
    private static final String DEFAULT_REGISTRY = "index.docker.io";

    private PullCredentials() {}

    /// The logins to try in turn, those of the longest place first; empty when the pod has none for this registry.
    public static List<Login> of(String image, Collection<Secret> secrets) {
        var byPlace = new TreeMap<String, List<Login>>(Comparator.reverseOrder());
        for (var secret : secrets) {
            for (var entry : entries(secret).entrySet())
                login(View.of(entry.getValue())).ifPresent(login -> add(byPlace, entry.getKey(), login));
        }
        return found(image, byPlace);
    }

    /// The same of logins by the pattern of images that they are for.
    public static List<Login> of(String image, Map<String, Login> logins) {
        var byPlace = new TreeMap<String, List<Login>>(Comparator.reverseOrder());
        logins.forEach((pattern, login) -> add(byPlace, pattern, login));
        return found(image, byPlace);
    }

    private static void add(Map<String, List<Login>> byPlace, String key, Login login) {
        byPlace.computeIfAbsent(place(key), place -> new ArrayList<>()).add(login);
    }

    private static List<Login> found(String image, Map<String, List<Login>> byPlace) {
        var found = new LinkedHashSet<Login>();
        byPlace.forEach((place, logins) -> {
            if (matches(place, image)) found.addAll(logins);
        });
        if (found.isEmpty() && ofDefaultRegistry(image))
            found.addAll(byPlace.getOrDefault(DEFAULT_REGISTRY, List.of()));
        return List.copyOf(found);
    }

    /// Whether any of the patterns is for an image.
    public static boolean anyMatches(Collection<String> patterns, String image) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, image));
    }

    /// The image's name without tag and digest, and with its registry.
    public static String named(String image) {
        var name = repository(image);
        int slash = name.indexOf('/');
        var first = slash < 0 ? "" : name.substring(0, slash);
        if (first.contains(".") || first.contains(":") || first.equals("localhost")) return name;
        return "docker.io/" + (slash < 0 ? "library/" : "") + name;
    }

    /// The image's name without tag and digest.
    public static String repository(String image) {
        int digest = image.indexOf('@');
        var named = digest < 0 ? image : image.substring(0, digest);
        int tag = named.lastIndexOf(':');
        return tag > named.lastIndexOf('/') ? named.substring(0, tag) : named;
    }

    private static Map<String, Object> entries(Secret secret) {
        var whole = secret.data().get(JSON_KEY);
        var old = secret.data().get(OLD_KEY);
        try {
            if (whole != null) return View.of(Json.parse(whole)).get(AUTHS).map();
            return old == null ? Map.of() : View.of(Json.parse(old)).map();
        } catch (Json.MalformedException e) {
            // What cannot be read says nothing.
            return Map.of();
        }
    }

    private static Optional<Login> login(View entry) {
        var both = entry.get(BOTH).string();
        if (both.isEmpty())
            return Optional.of(
                    new Login(entry.get(USER).string(), entry.get(PASSWORD).string()));
        try {
            var text = new String(Base64.getDecoder().decode(both.strip()), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Login(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// `https://host:port/v1/` is `host:port`.
    private static String place(String key) {
        var text = key.replaceFirst("^https?://", "");
        int slash = text.indexOf('/');
        if (slash < 0) return text;
        var path = text.substring(slash);
        if (path.startsWith("/v1/") || path.startsWith("/v2/")) path = path.substring(3);
        return text.substring(0, slash) + (path.equals("/") ? "" : path);
    }

    private static boolean matches(String place, String image) {
        var wanted = split(place);
        var given = split(image);
        if (!wanted.port.equals(given.port) || !given.path.startsWith(wanted.path)) return false;
        var patterns = wanted.host.split("\\.", -1);
        var parts = given.host.split("\\.", -1);
        if (patterns.length != parts.length) return false;
        for (int i = 0; i < parts.length; i++) {
            if (!glob(patterns[i], parts[i])) return false;
        }
        return true;
    }

    /// Takes no longer than the product of both lengths, whatever the pattern.
    private static boolean glob(String pattern, String part) {
        int at = 0;
        int star = -1;
        int afterStar = 0;
        for (int i = 0; i < part.length(); ) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                afterStar = i;
            } else if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == part.charAt(i))) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++afterStar;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') at++;
        return at == pattern.length();
    }

    private record Place(String host, String port, String path) {}

    private static Place split(String text) {
        int slash = text.indexOf('/');
        var authority = slash < 0 ? text : text.substring(0, slash);
        int colon = authority.indexOf(':');
        return new Place(
                colon < 0 ? authority : authority.substring(0, colon),
                colon < 0 ? "" : authority.substring(colon + 1),
                slash < 0 ? "" : text.substring(slash));
    }

    private static boolean ofDefaultRegistry(String image) {
        int slash = image.indexOf('/');
        if (slash < 0) return true;
        var first = image.substring(0, slash);
        return first.equals("docker.io")
                || first.equals(DEFAULT_REGISTRY)
                || first.indexOf('.') < 0 && first.indexOf(':') < 0;
    }
}
