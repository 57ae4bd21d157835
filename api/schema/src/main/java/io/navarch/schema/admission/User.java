package io.navarch.schema.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An authenticated caller.
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public static final String MASTERS = "system:masters";
    public static final String NODES = "system:nodes";
    public static final String AUTHENTICATED = "system:authenticated";
    public static final User ANONYMOUS = new User("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

    /// A user in these groups and among the authenticated.
    public static User of(String name, String... groups) {
        var all = new ArrayList<>(List.of(groups));
        all.add(AUTHENTICATED);
        return new User(name, "", List.copyOf(all), Map.of());
    }

    public boolean in(String group) {
        return groups.contains(group);
    }
}
