package io.navarch.apiserver.discovery;

import io.navarch.apiserver.request.ApiRequest;
import java.io.IOException;

/// Answers paths that name no resource.
public interface Document {
    /// Answers the call, or false when its path is none of this one's.
    boolean serve(ApiRequest request) throws IOException;
}
