package io.navarch.apps;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `--admission-control-config-file`: an `AdmissionConfiguration`, which says of single plugins how they work.
///
/// Source: https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/
public record AdmissionConfiguration(View file, Path path) {
    /// @throws Options.UsageException when the file cannot be read or is something else
    static AdmissionConfiguration of(String file) {
        if (file.isEmpty()) return new AdmissionConfiguration(View.ABSENT, Path.of(""));
        var path = Path.of(file);
        var read = read(path);
        if (!read.get("kind").string().equals("AdmissionConfiguration"))
            throw new Options.UsageException(path + ": kind must be AdmissionConfiguration, not "
                    + read.get("kind").string());
        return new AdmissionConfiguration(read, path);
    }

    private static View read(Path path) {
        try {
            return View.of(Yaml.parse(Files.readString(path)));
        } catch (IOException | Json.MalformedException e) {
            throw new Options.UsageException("cannot read " + path + ": " + e.getMessage());
        }
    }

    /// What the file says of a plugin: inline, or in another file beside it.
    View plugin(String name) {
        var plugin = file.get("plugins").find("name", name);
        if (plugin.get("configuration").exists()) return plugin.get("configuration");
        var other = plugin.get("path").string();
        return other.isEmpty() ? View.ABSENT : read(path.resolveSibling(other));
    }
}
