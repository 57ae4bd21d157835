package io.navarch.agent.api;

import java.util.Optional;

/// What the API server knows of callers, as a port.
interface Reviews {
    /// Whose token it is; empty when it is nobody's.
    Optional<Caller> authenticate(String token);

    /// Whether a caller may do something with a part of this node.
    ///
    /// @param verb as the API has it, such as `get`
    /// @param subresource of the node, such as `metrics`
    boolean allowed(Caller caller, String verb, String subresource);
}
