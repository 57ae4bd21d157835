package io.navarch.agent.api;

import java.util.List;
import java.util.Map;

/// Who calls the node.
record Caller(String user, String uid, List<String> groups, Map<String, List<String>> extra) {
    static final String AUTHENTICATED = "system:authenticated";
    private static final String MASTERS = "system:masters";

    /// Whether it may do everything, as the API server and administrators may.
    boolean master() {
        return groups.contains(MASTERS);
    }
}
