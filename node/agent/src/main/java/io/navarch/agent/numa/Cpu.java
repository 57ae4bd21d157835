package io.navarch.agent.numa;

/// A processor as the kernel counts them: a thread of a core.
///
/// @param core the lowest number of a processor of its core, unlike what the kernel calls a core's number
/// @param node of memory that is close to it
/// @param cache that it shares with some of its node's, its socket where there is none such
public record Cpu(int id, int core, int socket, int node, int cache) {}
