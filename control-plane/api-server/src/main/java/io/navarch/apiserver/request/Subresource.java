package io.navarch.apiserver.request;

import java.io.IOException;

/// Serves a subresource that is more than a part of its object: bindings, tokens, streams to nodes.
public interface Subresource {
    /// The context has been authorised; the endpoint is that of the parent resource.
    void serve(RequestContext context) throws IOException, InterruptedException;
}
