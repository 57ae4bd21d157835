package io.navarch.apiserver.request;

import java.io.IOException;

/// Answers calls for resources.
public interface ResourceHandler {
    void serve(ResourceRequest request) throws IOException, InterruptedException;
}
