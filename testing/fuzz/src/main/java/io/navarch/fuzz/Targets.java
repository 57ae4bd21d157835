package io.navarch.fuzz;

import java.util.List;

/// Targets, and what ends with them.
record Targets(List<Target> list, AutoCloseable end) implements AutoCloseable {
    @Override
    public void close() throws Exception {
        end.close();
    }
}
