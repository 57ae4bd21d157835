package io.navarch.process;

import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Json;
import io.navarch.objects.Utf8;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Reads a configuration of a server strictly: a field that nobody knows, one that is there twice and one that holds
/// something else are refused by name, because a setting that is silently left out protects nobody. Collects whatever
/// else is wrong, so that it is all told at once.
public final class ConfigurationReader {
    private static final int LARGEST = 1 << 20;
    private static final String GROUP = "apiserver.config.k8s.io";

    private final List<FieldError> errors = new FieldErrors();
    private final List<String> unknown = new ArrayList<>();

    /// What a file holds, which no configuration makes long.
    ///
    /// @throws IOException also when it is larger than any configuration
    public static String text(Path file) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            var bytes = stream.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) throw new IOException(file + " is larger than " + LARGEST + " bytes");
            return Utf8.strict(bytes);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not a text in UTF-8", e);
        }
    }

    /// The configuration that a text holds.
    ///
    /// @param versions of the group of configurations, the newest first
    /// @throws ConfigurationException when it holds something else
    public View read(String text, String kind, List<String> versions, ConfigurationFields fields) {
        return read(text, kind, GROUP, versions, fields);
    }

    /// The same of another group.
    public View read(String text, String kind, String group, List<String> versions, ConfigurationFields fields) {
        var file = tree(text);
        var version = file.get("apiVersion").string();
        boolean known = versions.stream().anyMatch(each -> version.equals(group + "/" + each));
        if (!known || !file.get("kind").string().equals(kind))
            throw new ConfigurationException(
                    "no kind \"" + file.get("kind").string() + "\" is registered for version \"" + version
                            + "\"; expected " + kind + " of " + group + "/" + versions.getFirst());
        expect(file, "", fields);
        return file;
    }

    private static View tree(String text) {
        try {
            var tree = View.of(Yaml.parse(text));
            if (!tree.isMap()) throw new ConfigurationException("the file is not an object");
            return tree;
        } catch (Json.MalformedException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
    }

    /// Says what an object at a path may hold.
    ///
    /// @throws ConfigurationException when a field holds something else
    public void expect(View object, String at, ConfigurationFields fields) {
        for (var field : object.map().entrySet()) {
            var path = FieldError.join(at, field.getKey());
            if (!fields.has(field.getKey())) unknown.add("unknown field \"" + path + "\"");
            fields.wrong(field.getKey(), field.getValue(), path).ifPresent(why -> {
                throw new ConfigurationException(why);
            });
        }
    }

    /// Takes down something that is wrong.
    public void wrong(FieldError error) {
        errors.add(error);
    }

    public void wrong(Collection<FieldError> found) {
        errors.addAll(found);
    }

    /// How much was found wrong up to now.
    public int errors() {
        return errors.size() + unknown.size();
    }

    /// @throws ConfigurationException naming all that was found wrong
    public void check() {
        if (!unknown.isEmpty())
            throw new ConfigurationException(
                    "strict decoding error: " + unknown.stream().sorted().collect(Collectors.joining(", ")));
        if (errors.size() == 1)
            throw new ConfigurationException(errors.getFirst().toString());
        if (!errors.isEmpty())
            throw new ConfigurationException(
                    errors.stream().map(FieldError::toString).collect(Collectors.joining(", ", "[", "]")));
    }
}
