package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.ListOptions;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.SlowLane;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// LIST of the objects of a kind.
public final class ListHandler implements ResourceHandler {
    private final Listing listing;
    private final ListWriter writer;
    private final SlowLane lane;

    public ListHandler(Listing listing, ListWriter writer, SlowLane lane) {
        this.listing = listing;
        this.writer = writer;
        this.lane = lane;
    }

    @Override
    public void serve(ResourceRequest called) throws IOException, InterruptedException {
        var request = called.ofMany();
        var options = ListOptions.of(request.call(), false);
        var selection = request.selection();
        // What all share costs each of them next to nothing.
        if (!request.response().form().plain())
            request.response().requireMemory(request.endpoint().cache().bytes());
        try (var turn = lane.turn(request.call(), request.response().seat())) {
            Optional<UnaryOperator<List<StoredObject>>> shown =
                    request.endpoint().asks() ? Optional.of(request.endpoint()::shown) : Optional.empty();
            var page = listing.page(request.endpoint().cache(), selection, options, shown, turn);
            // Whoever fails to convert one object fails before there is an answer.
            writer.write(request, shown.isPresent() ? page.taken() : page, turn);
        }
    }
}
