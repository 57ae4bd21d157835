package io.navarch.agent;

import io.navarch.agent.act.NodeView;
import io.navarch.model.Node;

/// A node that does not change.
record KnownNode(Node node) implements NodeView {
    static final KnownNode NONE = new KnownNode(Node.ABSENT);

    @Override
    public Node seen() {
        return node;
    }

    @Override
    public Node now() {
        return node;
    }
}
