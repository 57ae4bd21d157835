package io.navarch.encryption;

import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationFields;
import io.navarch.process.ConfigurationReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads an `EncryptionConfiguration`.
///
/// Source: https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/
final class EncryptionConfiguration {
    private static final ConfigurationFields FILE =
            ConfigurationFields.texts("apiVersion", "kind").listsOfObjects("resources");
    private static final ConfigurationFields RULE =
            ConfigurationFields.texts().listsOfTexts("resources").listsOfObjects("providers");
    private static final ConfigurationFields PROVIDER =
            ConfigurationFields.texts().objects("aesgcm", "aescbc", "secretbox", "identity", "kms");
    private static final ConfigurationFields KMS = ConfigurationFields.texts(
                    "apiVersion", "name", "endpoint", "timeout")
            .numbers("cachesize");
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST_RULES = 1000;

    /// What has no objects that are written through the API.
    private static final Set<String> INTERNAL =
            Set.of("apiserveripinfo", "serviceipallocations", "servicenodeportallocations");

    private final BiFunction<Path, Duration, KeyService> services;
    private final InstantSource clock;
    private final SecureRandom random;
    private final ConfigurationReader reader = new ConfigurationReader();
    private final Set<String> serviceNames = new HashSet<>();
    private final List<KmsCipher> kms = new ArrayList<>();
    private final List<KeyService> opened = new ArrayList<>();

    /// @param services connects to a key service behind a socket
    EncryptionConfiguration(BiFunction<Path, Duration, KeyService> services, InstantSource clock, SecureRandom random) {
        this.services = services;
        this.clock = clock;
        this.random = random;
    }

    /// @throws ConfigurationException naming all that is wrong
    Encryption read(String text) {
        var file = reader.read(text, "EncryptionConfiguration", List.of("v1"), FILE);
        var rules = new ArrayList<Encryption.Rule>();
        var listed = file.get("resources").views();
        if (listed.isEmpty()) required("resources", "resources");
        if (listed.size() > MOST_RULES)
            throw new ConfigurationException("more than " + MOST_RULES + " entries of resources");
        for (int i = 0; i < listed.size(); i++) rules.add(rule(listed.get(i), "resources[" + i + "]"));
        if (reader.errors() > 0) {
            opened.forEach(KeyService::close);
            reader.check();
        }
        return new Encryption(rules, kms, opened);
    }

    private Encryption.Rule rule(View rule, String at) {
        reader.expect(rule, at, RULE);
        var resources = rule.get("resources").strings();
        if (resources.isEmpty()) required(at + ".resources", at + ".resources");
        overlaps(resources, at + ".resources");
        for (int i = 0; i < resources.size(); i++) {
            var resource = resources.get(i);
            var path = at + ".resources[" + i + "]";
            wrong(resource).ifPresent(why -> reader.wrong(FieldError.invalid(path, resource, why)));
        }
        var providers = rule.get("providers").views();
        if (providers.isEmpty()) required(at + ".providers", at + ".providers");
        var ciphers = new ArrayList<ValueCipher>();
        for (int i = 0; i < providers.size(); i++)
            provider(providers.get(i), at + ".providers[" + i + "]").ifPresent(ciphers::add);
        return new Encryption.Rule(resources, ciphers);
    }

    private void required(String path, String what) {
        reader.wrong(FieldError.required(path, "at least one " + what + " is required"));
    }

    private void overlaps(List<String> resources, String path) {
        if (new HashSet<>(resources).size() < resources.size())
            reader.wrong(FieldError.invalid(path, resources, "the same resource cannot be specified multiple times"));
        boolean all = resources.contains("*.*") && resources.size() > 1;
        boolean masked = resources.stream()
                .filter(resource -> resource.startsWith("*."))
                .anyMatch(wide -> resources.stream()
                        .anyMatch(other -> !other.equals(wide) && group(other).equals(wide.substring(2))));
        if (all || masked)
            reader.wrong(FieldError.invalid(
                    path,
                    resources,
                    "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as"
                            + " they will be masked"));
    }

    private static String group(String resource) {
        int dot = resource.indexOf('.');
        return dot < 0 ? "" : resource.substring(dot + 1);
    }

    private static Optional<String> wrong(String resource) {
        var group = group(resource);
        if (resource.chars().anyMatch(Character::isUpperCase))
            return Optional.of("resource name should not contain capital letters");
        if (resource.equals("*"))
            return Optional.of(
                    "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources");
        if (INTERNAL.contains(resource))
            return Optional.of("resources which do not have REST API/s cannot be encrypted");
        if (group.equals("events.k8s.io"))
            return Optional.of("'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events'"
                    + " instead in the config file");
        if (group.equals("extensions"))
            return Optional.of("'extensions' group has been removed and cannot be used for encryption");
        if (group.equals("*") && !resource.startsWith("*."))
            return Optional.of("encrypting the same resource across groups is not supported");
        return Optional.empty();
    }

    private Optional<ValueCipher> provider(View provider, String at) {
        reader.expect(provider, at, PROVIDER);
        var named = provider.map().keySet();
        if (named.size() != 1) {
            reader.wrong(FieldError.invalid(
                    at,
                    named.isEmpty()
                            ? "provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox,"
                                    + " Identity"
                            : "more than one provider specified in a single element, should split into different list"
                                    + " elements"));
            return Optional.empty();
        }
        var name = named.iterator().next();
        var here = at + "." + name;
        var body = provider.get(name);
        return switch (name) {
            case "identity" -> Optional.of(new PlainCipher());
            case "kms" -> kms(body, here);
            default ->
                Arrays.stream(Scheme.values())
                        .filter(scheme -> scheme.word().equals(name))
                        .findFirst()
                        .map(scheme -> new KeyRing(scheme, keys(body, scheme, here), random));
        };
    }

    private List<KeyRing.Key> keys(View body, Scheme scheme, String at) {
        reader.expect(body, at, ConfigurationFields.texts().listsOfObjects("keys"));
        var keys = body.get("keys").views();
        if (keys.isEmpty()) required(at + ".keys", "keys");
        var read = new ArrayList<KeyRing.Key>();
        for (int i = 0; i < keys.size(); i++)
            key(keys.get(i), scheme, at + ".keys[" + i + "]").ifPresent(read::add);
        return read;
    }

    private Optional<KeyRing.Key> key(View key, Scheme scheme, String at) {
        reader.expect(key, at, ConfigurationFields.texts("name", "secret"));
        var name = key.get("name").string();
        if (name.isEmpty()) reader.wrong(FieldError.required(at + ".name", "name is a mandatory field for a key"));
        var text = key.get("secret").string();
        if (text.isEmpty()) {
            reader.wrong(FieldError.required(at + ".secret", "secret is a mandatory field for a key"));
            return Optional.empty();
        }
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            reader.wrong(FieldError.invalid(at + ".secret", "REDACTED", "secrets must be base64 encoded"));
            return Optional.empty();
        }
        if (!scheme.keySizes().contains(secret.length))
            reader.wrong(FieldError.invalid(
                    at + ".secret",
                    "REDACTED",
                    "secret is not of the expected length, got " + secret.length + ", expected one of "
                            + scheme.keySizes().stream()
                                    .sorted()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(" ", "[", "]"))));
        return Optional.of(new KeyRing.Key(name, secret));
    }

    private Optional<ValueCipher> kms(View body, String at) {
        reader.expect(body, at, KMS);
        int before = reader.errors();
        var name = body.get("name").string();
        if (name.isEmpty()) reader.wrong(FieldError.required(at + ".name", "name is a mandatory field for a provider"));
        if (name.contains(":"))
            reader.wrong(FieldError.invalid(
                    at + ".name", name, "invalid KMS provider name " + name + ", must not contain ':'"));
        if (!serviceNames.add(name))
            reader.wrong(FieldError.invalid(
                    at + ".name", name, "duplicate KMS provider name " + name + ", names must be unique"));
        var timeout = timeout(body.get("timeout").string(), at + ".timeout");
        var endpoint = body.get("endpoint").string();
        if (endpoint.isEmpty())
            reader.wrong(FieldError.invalid(at + ".endpoint", "", "endpoint is a mandatory field for a kms"));
        else if (!endpoint.startsWith("unix://"))
            reader.wrong(FieldError.invalid(
                    at + ".endpoint",
                    endpoint,
                    "unsupported scheme \"" + endpoint.replaceFirst(":.*", "")
                            + "\" for KMS provider, only unix is supported"));
        if (body.get("cachesize").exists())
            reader.wrong(FieldError.invalid(
                    at + ".cachesize", body.get("cachesize").value(), "cachesize is not supported in v2"));
        var version = body.get("apiVersion").string();
        if (version.isEmpty() || version.equals("v1"))
            reader.wrong(FieldError.invalid(at + ".apiVersion", version, "KMS v1 is not supported; use v2"));
        else if (!version.equals("v2"))
            reader.wrong(FieldError.invalid(
                    at + ".apiVersion",
                    version,
                    "unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported"));
        if (reader.errors() > before) return Optional.empty();
        var path = endpoint.substring("unix://".length());
        var service = services.apply(Path.of(path.startsWith("/@") ? path.substring(1) : path), timeout);
        opened.add(service);
        var cipher = new KmsCipher(name, service, clock, random);
        kms.add(cipher);
        return Optional.of(cipher);
    }

    private Duration timeout(String text, String at) {
        if (text.isEmpty()) return TIMEOUT;
        var parts = Pattern.compile("([0-9]{1,6})(ms|s|m)").matcher(text);
        if (!parts.matches()) {
            reader.wrong(FieldError.invalid(at, text, "must be a time such as 3s"));
            return TIMEOUT;
        }
        long number = Long.parseLong(parts.group(1));
        var read = switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
        if (read.isZero()) reader.wrong(FieldError.invalid(at, text, "timeout should be a positive value"));
        return read.compareTo(LONGEST) > 0 ? LONGEST : read;
    }
}
