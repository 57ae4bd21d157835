package io.navarch.images;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.util.Locale;

/// What an image runs on, in the words of OCI.
public record Platform(String os, String architecture) {
    /// Of this machine.
    public static Platform here() {
        var own = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return new Platform(
                "linux",
                switch (own) {
                    case "x86_64" -> "amd64";
                    case "aarch64" -> "arm64";
                    default -> own;
                });
    }

    /// As a descriptor or an image's configuration says it; what it does not say is this machine's.
    static Platform of(View told) {
        return new Platform(
                told.get("os").stringOr(here().os), told.get("architecture").stringOr(here().architecture));
    }

    /// @param config an image's configuration, which says for which machines it is
    /// @throws IOException when this one is none of them
    static void requireHere(byte[] config, String image) throws IOException {
        var platform = of(View.of(Json.parse(config)));
        if (!platform.equals(here()))
            throw new IOException(image + " is for " + platform + ", this machine is " + here());
    }

    @Override
    public String toString() {
        return os + "/" + architecture;
    }
}
