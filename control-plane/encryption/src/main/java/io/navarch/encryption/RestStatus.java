package io.navarch.encryption;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How far the server is with a configuration, told in a file beside it for those who wait for it.
///
/// @param configuration the digest of the configuration that this is about
/// @param state whether all values are written as it says
/// @param message what went wrong, or how many values were written anew
public record RestStatus(String configuration, State state, String message) {
    /// Of the values that are stored.
    public enum State {
        REWRITING,
        CURRENT,
        FAILED
    }

    static final RestStatus NONE = new RestStatus("", State.REWRITING, "");

    public static RestStatus read(Path file) throws IOException {
        if (!Files.exists(file)) return NONE;
        try {
            var view = View.of(Json.parse(Files.readString(file)));
            return new RestStatus(
                    view.get("configuration").string(),
                    State.valueOf(view.get("state").string()),
                    view.get("message").string());
        } catch (Json.MalformedException | IllegalArgumentException e) {
            return NONE;
        }
    }

    void write(Path file) throws IOException {
        var tree = Trees.map("configuration", configuration, "state", state.name(), "message", message);
        AtomicFile.write(file, Json.write(tree), "rw-------");
    }
}
