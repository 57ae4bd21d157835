package io.navarch.csi;

/// A socket at which somebody answers, until it is closed.
public interface Listening extends AutoCloseable {
    @Override
    void close();
}
