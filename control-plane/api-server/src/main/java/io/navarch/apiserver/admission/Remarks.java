package io.navarch.apiserver.admission;

import io.navarch.apiserver.request.Response;

/// What is said beside the answer to a call.
public interface Remarks {
    /// Adds a `Warning` to the answer.
    void warn(String text);

    /// Tells an audit of the call something.
    ///
    /// @param key a qualified name
    void annotate(String key, String value);

    static Remarks on(Response response) {
        return new Remarks() {
            @Override
            public void warn(String text) {
                response.warn(text);
            }

            @Override
            public void annotate(String key, String value) {
                response.annotate(key, value);
            }
        };
    }
}
