package io.navarch.schema;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Converts objects between the versions of a kind by asking somebody else, which takes time and may fail.
@FunctionalInterface
public interface ObjectConverter {
    /// @param objects whole ones, of whatever versions; they are not changed
    /// @param within how long it may take in all
    /// @return all of them in this version, in the same order
    List<Map<String, Object>> convert(List<Map<String, Object>> objects, String apiVersion, Duration within);
}
