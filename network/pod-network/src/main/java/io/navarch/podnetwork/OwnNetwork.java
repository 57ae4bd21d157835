package io.navarch.podnetwork;

/// What this node is itself.
///
/// @param clusterCidr the network of all pods
/// @param podCidr of those here
public record OwnNetwork(String clusterCidr, String podCidr, String address) {}
