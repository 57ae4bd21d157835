package io.navarch.cri;

import java.time.Instant;
import java.util.Optional;

/// A container in detail.
///
/// @param image the name it was created from
/// @param imageRef the image's identity, by digest where it has one
/// @param logPath where the runtime writes what the process prints
public record ContainerStatus(
        String id,
        ContainerState state,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> finished,
        int exitCode,
        String reason,
        String message,
        String image,
        String imageRef,
        String logPath) {}
