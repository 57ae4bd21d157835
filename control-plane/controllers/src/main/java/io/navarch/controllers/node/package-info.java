/// Nodes that stop reporting are marked, tainted and their pods evicted.
package io.navarch.controllers.node;
