package io.navarch.apiserver.request;

import java.util.List;
import java.util.Map;

/// Who makes a call.
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public static final String MASTERS = "system:masters";
    public static final User ANONYMOUS = new User("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

    public static User of(String name, String... groups) {
        var all = new java.util.ArrayList<>(List.of(groups));
        all.add("system:authenticated");
        return new User(name, "", List.copyOf(all), Map.of());
    }

    public boolean in(String group) {
        return groups.contains(group);
    }
}
