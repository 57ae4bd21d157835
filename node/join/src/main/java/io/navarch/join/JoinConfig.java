package io.navarch.join;

import io.navarch.kinds.secret.FreshToken;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a node joins, and as what.
///
/// @param server where the cluster is looked for
/// @param token needed as long as the node has no certificate of its own
/// @param pins of which the cluster's authority must be one, unless there are none
/// @param directory for what is kept of the node's identity
/// @param life how long certificates are to live, zero for as long as the signer likes
public record JoinConfig(
        URI server,
        Optional<FreshToken> token,
        List<CertificatePin> pins,
        Path directory,
        String node,
        String address,
        Duration life) {
    String user() {
        return "system:node:" + node;
    }

    List<String> servingNames() {
        return List.of(node, address);
    }
}
