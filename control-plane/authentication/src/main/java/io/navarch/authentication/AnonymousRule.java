package io.navarch.authentication;

import java.util.Set;

/// Who shows nothing: nobody at all, or somebody without a name, perhaps on some paths only.
///
/// @param paths empty for all
public record AnonymousRule(boolean enabled, Set<String> paths) {
    public static final AnonymousRule EVERYWHERE = new AnonymousRule(true, Set.of());

    public boolean permits(String path) {
        return enabled && (paths.isEmpty() || paths.contains(path));
    }
}
