package io.navarch.client;

import io.navarch.objects.Encoded;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The events of a watch, one after the other.
public interface Events extends AutoCloseable {
    /// @param type `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`
    record Event(String type, Encoded object) {}

    /// The next event; `null` at the end of the watch, as readers of streams have it.
    @Nullable
    Event next() throws IOException;

    @Override
    void close();
}
