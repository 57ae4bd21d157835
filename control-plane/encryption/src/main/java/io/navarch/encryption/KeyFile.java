package io.navarch.encryption;

import io.navarch.objects.Sha256;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.AtomicFile;
import io.navarch.process.ConfigurationReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The configuration as a file, which whoever has it can read all values with.
public record KeyFile(Path path) {
    private static final String ONLY_ITS_OWNER = "rw-------";

    /// @throws IOException also when it is too large to be a configuration
    String text() throws IOException {
        return ConfigurationReader.text(path);
    }

    /// What tells what the file holds from anything else.
    public String digest() throws IOException {
        return Sha256.hex(text());
    }

    /// Secrets with one new key.
    ///
    /// @param values whether there are values already, which nobody has encrypted
    void create(boolean values, SecureRandom random) throws IOException {
        var providers = new ArrayList<Object>();
        providers.add(Map.of("secretbox", Map.of("keys", List.of(key("key1", random)))));
        if (values) providers.add(Map.of("identity", Map.of()));
        write(Trees.map(
                "apiVersion",
                "apiserver.config.k8s.io/v1",
                "kind",
                "EncryptionConfiguration",
                "resources",
                List.of(Trees.map("resources", List.of("secrets"), "providers", providers))));
    }

    private static Map<String, Object> key(String name, SecureRandom random) {
        var secret = new byte[32];
        random.nextBytes(secret);
        return Trees.map("name", name, "secret", Base64.getEncoder().encodeToString(secret));
    }

    private void write(Object tree) throws IOException {
        AtomicFile.write(path, Yaml.write(tree).getBytes(StandardCharsets.UTF_8), ONLY_ITS_OWNER);
    }

    /// Puts a new key before the others of every provider that writes and has keys.
    ///
    /// @return the digest of what the file holds now
    /// @throws IOException when there is none, or the file cannot be written
    public String addKeys(SecureRandom random) throws IOException {
        return change(keys -> {
            int number = 1;
            while (named(keys, "key" + number)) number++;
            keys.addFirst(key("key" + number, random));
        });
    }

    private static boolean named(List<Object> keys, String name) {
        return keys.stream().anyMatch(key -> View.of(key).get("name").string().equals(name));
    }

    /// Leaves each provider that writes its first key only.
    ///
    /// @return the digest of what the file holds now
    public String dropOldKeys() throws IOException {
        return change(keys -> keys.subList(1, keys.size()).clear());
    }

    private interface Change {
        void of(List<Object> keys);
    }

    private String change(Change change) throws IOException {
        var tree = Yaml.parse(text());
        boolean found = false;
        for (var rule : View.of(tree).get("resources").views()) {
            var first = rule.get("providers").at(0);
            for (var name : first.map().keySet()) {
                if (!(first.get(name, "keys").value() instanceof List<?> keys) || keys.isEmpty()) continue;
                @SuppressWarnings("unchecked")
                var own = (List<Object>) keys;
                change.of(own);
                found = true;
            }
        }
        if (!found || tree == null)
            throw new IOException(path + ": no provider that writes has keys here; a key service rotates its own");
        write(tree);
        return Sha256.hex(text());
    }
}
