package io.navarch.apiserver.read;

import io.navarch.apiserver.request.ListOptions;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import java.io.IOException;

/// LIST of the objects of a kind.
public final class ListHandler implements ResourceHandler {
    private final Listing listing;
    private final ListWriter writer;

    public ListHandler(Listing listing, ListWriter writer) {
        this.listing = listing;
        this.writer = writer;
    }

    @Override
    public void serve(ResourceRequest request) throws IOException, InterruptedException {
        var options = ListOptions.of(request.call(), false);
        var selection = request.selection();
        writer.write(request, listing.page(request.endpoint().cache(), selection, options));
    }
}
