package io.navarch.apiserver.audit;

import java.io.IOException;
import java.util.List;

/// Writes each event down as a line.
public final class LogTarget implements AuditTarget {
    static final String PLUGIN = "log";

    /// What a line is like.
    public enum Format {
        LEGACY,
        JSON
    }

    private final AuditSink sink;
    private final Format format;
    private final AuditLosses losses;

    public LogTarget(AuditSink sink, Format format, AuditLosses losses) {
        this.sink = sink;
        this.format = format;
        this.losses = losses;
    }

    @Override
    public byte[] form(AuditEntry entry) {
        return format == Format.LEGACY ? entry.legacy() : entry.json();
    }

    @Override
    public boolean remote() {
        return false;
    }

    @Override
    public boolean deliver(List<byte[]> events) {
        boolean all = true;
        for (var event : events) {
            try {
                sink.write(event);
            } catch (IOException e) {
                losses.lost(PLUGIN, 1, String.valueOf(e.getMessage()));
                all = false;
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
