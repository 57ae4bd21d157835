package io.navarch.agent.decide;

import java.util.List;

/// Why an image did not come, as a pod's status says it: some runtimes begin their message with a reason of its own.
public record PullFailure(String reason, String message) {
    private record Known(String reason, String words) {}

    private static final List<Known> KNOWN = List.of(
            new Known("RegistryUnavailable", "the registry is unavailable"),
            new Known("SignatureValidationFailed", "the signature validation failed"));

    /// @param said by the runtime
    public static PullFailure of(String image, String said) {
        for (var known : KNOWN)
            if (said.startsWith(known.reason))
                return new PullFailure(
                        known.reason,
                        "image pull failed for " + image + " because " + known.words
                                + said.substring(known.reason.length()));
        return new PullFailure("ErrImagePull", said);
    }
}
