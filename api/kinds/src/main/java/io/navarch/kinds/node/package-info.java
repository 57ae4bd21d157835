/// Nodes: definition, rules and admission; in [io.navarch.kinds.node.Nodes], [io.navarch.kinds.node.Taints] and
/// [io.navarch.kinds.node.NodeSelection] what their fields mean to pods.
@NullMarked
package io.navarch.kinds.node;

import org.jspecify.annotations.NullMarked;
