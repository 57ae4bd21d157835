package io.navarch.scheduler;

import java.util.List;
import java.util.Map;

/// What a pod takes of a node. Amounts are in thousandths for `cpu`, else in units.
///
/// @param requests what its containers request
/// @param assumed the same, in which a container without requests counts as something: nodes are compared by it, but
/// not
///     filtered
record Taken(Map<String, Long> requests, Map<String, Long> assumed, List<HostPort> hostPorts) {}
