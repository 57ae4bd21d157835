package io.navarch.agent.credentials;

import io.navarch.cri.ContainerRuntime.Login;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A program that knows logins, as a port.
interface ProviderProgram {
    /// @param token of the pod's account, `""` for none
    record Request(String image, String token, Map<String, String> notes) {}

    /// For what an answer counts.
    enum Scope {
        IMAGE,
        REGISTRY,
        GLOBAL
    }

    /// @param kept how long it counts, empty when it does not say
    /// @param logins by the pattern of images
    record Answer(Scope scope, Optional<Duration> kept, Map<String, Login> logins) {}

    /// @throws ProviderException when it does not answer as it should
    Answer ask(Request request) throws ProviderException;
}
