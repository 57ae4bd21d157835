package io.navarch.agent.act;

import io.navarch.model.Node;

/// The agent's own node as the API has it, as a port; absent when that is not known.
public interface NodeView {
    /// As it was last heard of.
    Node seen();

    /// As it is now.
    Node now();
}
