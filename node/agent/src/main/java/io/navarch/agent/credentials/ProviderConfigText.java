package io.navarch.agent.credentials;

import io.navarch.agent.credentials.ProviderConfig.Tokens;
import io.navarch.objects.GoDuration;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads what a configuration says of programs that know logins.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
final class ProviderConfigText {
    private static final String KIND = "CredentialProviderConfig";
    private static final Set<String> VERSIONS =
            Set.of("kubelet.config.k8s.io/v1", "kubelet.config.k8s.io/v1beta1", "kubelet.config.k8s.io/v1alpha1");
    private static final String SPOKEN = "credentialprovider.kubelet.k8s.io/";
    private static final String LATEST = SPOKEN + "v1";
    private static final List<String> SPOKEN_VERSIONS = List.of(LATEST, SPOKEN + "v1alpha1", SPOKEN + "v1beta1");
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "", Set.of("kind", "apiVersion", "providers"),
            "provider",
                    Set.of(
                            "name",
                            "matchImages",
                            "defaultCacheDuration",
                            "apiVersion",
                            "args",
                            "env",
                            "tokenAttributes"),
            "tokens",
                    Set.of(
                            "serviceAccountTokenAudience",
                            "cacheType",
                            "requireServiceAccount",
                            "requiredServiceAccountAnnotationKeys",
                            "optionalServiceAccountAnnotationKeys"));

    private final List<String> errors = new ArrayList<>();

    /// Those that a file names.
    ///
    /// @throws IllegalArgumentException in the kubelet's words when it is no such file
    static List<View> providers(View file) {
        var kind = file.get("kind").string();
        if (!kind.equals(KIND)) throw new IllegalArgumentException("failed to decode \"" + kind + "\" (wrong Kind)");
        var version = file.get("apiVersion").string();
        if (!VERSIONS.contains(version))
            throw new IllegalArgumentException(
                    "no kind \"" + KIND + "\" is registered for version \"" + version + "\"");
        known(file, "", "");
        var all = file.get("providers").views();
        for (int i = 0; i < all.size(); i++) {
            known(all.get(i), "provider", "providers[" + i + "].");
            known(all.get(i).get("tokenAttributes"), "tokens", "providers[" + i + "].tokenAttributes.");
        }
        return all;
    }

    private static void known(View tree, String what, String path) {
        for (var field : tree.map().keySet())
            if (!FIELDS.getOrDefault(what, Set.of()).contains(field))
                throw new IllegalArgumentException("strict decoding error: unknown field \"" + path + field + "\"");
    }

    /// @throws IllegalArgumentException in the kubelet's words when something is wrong with any of them
    static List<ProviderConfig> read(List<View> providers) {
        var text = new ProviderConfigText();
        var all = new ArrayList<ProviderConfig>();
        if (providers.isEmpty()) text.required("providers", "at least 1 item in plugins is required");
        for (var provider : providers) all.add(text.provider(provider));
        if (!text.errors.isEmpty())
            throw new IllegalArgumentException("failed to validate credential provider config: "
                    + (text.errors.size() == 1 ? text.errors.getFirst() : "[" + String.join(", ", text.errors) + "]"));
        return all;
    }

    private void required(String path, String why) {
        errors.add(path + ": Required value" + (why.isEmpty() ? "" : ": " + why));
    }

    private void invalid(String path, String value, String why) {
        errors.add(path + ": Invalid value: " + value + ": " + why);
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private ProviderConfig provider(View provider) {
        var name = provider.get("name").string();
        name(name);
        var version = provider.get("apiVersion").string();
        if (version.isEmpty()) required("providers.apiVersion", "");
        else if (!SPOKEN_VERSIONS.contains(version))
            errors.add("providers.apiVersion: Unsupported value: " + quoted(version) + ": supported values: "
                    + String.join(
                            ", ",
                            SPOKEN_VERSIONS.stream()
                                    .map(ProviderConfigText::quoted)
                                    .toList()));
        var images = provider.get("matchImages").strings();
        if (images.isEmpty()) required("providers.matchImages", "at least 1 item in matchImages is required");
        for (var image : images)
            if (image.contains("://") || image.chars().anyMatch(Character::isWhitespace))
                invalid(
                        "providers.matchImages",
                        quoted(image),
                        "match image is invalid: parse \"https://" + image + "\": invalid character in host name");
        var environment = new LinkedHashMap<String, String>();
        for (var each : provider.get("env").views())
            environment.put(each.get("name").string(), each.get("value").string());
        var tokens = provider.get("tokenAttributes");
        return new ProviderConfig(
                name,
                version,
                provider.get("args").strings(),
                environment,
                images,
                duration(provider.get("defaultCacheDuration")),
                tokens.exists() ? Optional.of(tokens(tokens, version)) : Optional.empty());
    }

    private void name(String name) {
        if (name.contains("/")) invalid("providers.name", quoted(name), "provider name cannot contain '/'");
        if (name.contains(" ")) invalid("providers.name", quoted(name), "provider name cannot contain spaces");
        if (name.equals(".") || name.equals(".."))
            invalid("providers.name", quoted(name), "provider name cannot be '" + name + "'");
    }

    private Duration duration(View text) {
        if (!text.exists()) {
            required("providers.defaultCacheDuration", "");
            return Duration.ZERO;
        }
        var duration = parsed(text.string());
        if (duration == null || duration.isNegative()) {
            invalid("providers.defaultCacheDuration", quoted(text.string()), "must be greater than or equal to 0");
            return Duration.ZERO;
        }
        return duration;
    }

    static @Nullable Duration parsed(String text) {
        try {
            return GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Tokens tokens(View tokens, String version) {
        var path = "providers.tokenAttributes";
        var audience = tokens.get("serviceAccountTokenAudience").string();
        if (audience.isEmpty()) required(path + ".serviceAccountTokenAudience", "");
        var require = tokens.get("requireServiceAccount");
        if (!require.exists()) required(path + ".requireServiceAccount", "");
        if (!version.equals(LATEST))
            errors.add(path + ": Forbidden: tokenAttributes is only supported for " + LATEST + " API version");
        var needed = tokens.get("requiredServiceAccountAnnotationKeys").strings();
        var optional = tokens.get("optionalServiceAccountAnnotationKeys").strings();
        if (require.exists() && !require.bool() && !needed.isEmpty())
            errors.add(path + ".requiredServiceAccountAnnotationKeys: Forbidden: requireServiceAccount cannot be false"
                    + " when requiredServiceAccountAnnotationKeys is set");
        keys(path + ".requiredServiceAccountAnnotationKeys", needed);
        keys(path + ".optionalServiceAccountAnnotationKeys", optional);
        var both = new TreeSet<>(needed);
        both.retainAll(optional);
        if (!both.isEmpty())
            invalid(
                    path,
                    "["
                            + String.join(
                                    ",",
                                    both.stream()
                                            .map(ProviderConfigText::quoted)
                                            .toList()) + "]",
                    "annotation keys cannot be both required and optional");
        var kept = tokens.get("cacheType").string();
        if (kept.isEmpty())
            required(
                    path + ".cacheType",
                    "cacheType is required to be set when tokenAttributes is specified. Supported values are: ServiceAccount, Token");
        else if (!List.of("ServiceAccount", "Token").contains(kept))
            errors.add(path + ".cacheType: Unsupported value: " + quoted(kept)
                    + ": supported values: \"ServiceAccount\", \"Token\"");
        return new Tokens(audience, require.bool(), needed, optional, kept.equals("Token"));
    }

    private void keys(String path, List<String> keys) {
        var seen = new HashSet<String>();
        for (var key : keys) {
            for (var problem : Names.qualifiedName(key.toLowerCase(Locale.ROOT))) invalid(path, quoted(key), problem);
            if (!seen.add(key)) errors.add(path + ": Duplicate value: " + quoted(key));
        }
    }
}
