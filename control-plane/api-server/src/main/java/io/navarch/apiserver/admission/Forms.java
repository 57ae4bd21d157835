package io.navarch.apiserver.admission;

import java.util.List;
import java.util.Map;

/// The forms in which the objects of a call can be seen.
public interface Forms {
    /// As it was called.
    ServedResource asked();

    /// Everything under which these objects are served, in the order of its registration; also as it was called.
    List<ServedResource> equivalents();

    /// The object as it looks there. It may be the very same: nobody changes it.
    Map<String, Object> show(Map<String, Object> object, ServedResource as);

    /// An object as it was shown with a part laid over it, as server-side apply does.
    ///
    /// @throws IllegalArgumentException when it is no part of such an object
    Map<String, Object> merge(Map<String, Object> shown, Map<String, Object> part, ServedResource as);

    /// What somebody has made of an object as it was shown: checked, completed, and in the form in which it was before.
    /// The argument is used up.
    ///
    /// @throws io.navarch.objects.ApiException when it is no such object any more
    Map<String, Object> take(Map<String, Object> shown, ServedResource as);
}
