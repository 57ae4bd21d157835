package io.navarch.apiserver.write;

import java.util.Map;

/// One step of a write. Stages know nothing of each other.
interface WriteStage {
    /// @param object the object as it has become so far; the stage may change it
    /// @return the object to go on with: the same one, or another
    /// @throws io.navarch.objects.ApiException when the write is refused
    Map<String, Object> apply(Write write, Map<String, Object> object);
}
