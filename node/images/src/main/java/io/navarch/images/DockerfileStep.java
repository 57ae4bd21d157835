package io.navarch.images;

import java.io.IOException;

/// An instruction of a Dockerfile.
///
/// @param rest what stands after it
record DockerfileStep(int line, String instruction, String rest) {
    IOException wrong(String what) {
        return new IOException("Dockerfile line " + line + ": " + instruction + ": " + what);
    }
}
