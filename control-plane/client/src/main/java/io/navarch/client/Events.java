package io.navarch.client;

import io.navarch.objects.Encoded;
import java.io.IOException;
import java.util.Optional;

/// The events of a watch, one after the other.
public interface Events extends AutoCloseable {
    /// @param type `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`
    record Event(String type, Encoded object) {}

    /// The next event; empty at the end of the watch.
    Optional<Event> next() throws IOException;

    @Override
    void close();
}
