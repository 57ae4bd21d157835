package io.navarch.client;

import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Reads a section of a file, for all that it may say in two ways.
record KubeconfigSection(Path file, View view) {
    String text(String name) {
        return view.get(name).string();
    }

    /// What stands in the file, or in another that it names.
    Optional<String> pem(String name) throws IOException {
        var encoded = text(name + "-data");
        try {
            if (!encoded.isEmpty())
                return Optional.of(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(file + ": " + name + "-data is not base64: " + e.getMessage());
        }
        return referred(name);
    }

    Optional<String> referred(String name) throws IOException {
        var other = text(name);
        if (other.isEmpty()) return Optional.empty();
        return Optional.of(ConfigurationReader.text(file.resolveSibling(other)));
    }

    void without(List<String> names) {
        for (var name : names)
            if (view.get(name).exists()) throw new ConfigurationException(file + ": " + name + " is not supported");
    }
}
