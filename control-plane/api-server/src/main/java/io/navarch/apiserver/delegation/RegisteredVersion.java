package io.navarch.apiserver.delegation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an APIService says of a version of a group, and what is known of the server behind it.
///
/// @param groupPriority the higher, the earlier clients look here for a resource
/// @param versionPriority the same among the versions of a group
/// @param elsewhere empty when this server answers
public record RegisteredVersion(
        String group, String version, int groupPriority, int versionPriority, Optional<Elsewhere> elsewhere) {
    /// @param resources as aggregated discovery names them
    /// @param current whether the server said so when it was last asked
    public record Elsewhere(List<Map<String, Object>> resources, boolean current) {}
}
