package io.navarch.apiserver.audit;

import io.navarch.process.TaskScope;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Brings events to one target: at once, or by way of a buffer, and shortened if they are too long.
public final class AuditBackend implements AutoCloseable {
    private static final String TRUNCATE = "truncate";

    private final AuditTarget target;
    private final AuditHandling handling;
    private final AuditLosses losses;
    private final TaskScope scope = new TaskScope();
    private final Optional<AuditBuffer> buffer;

    public AuditBackend(AuditTarget target, AuditHandling handling, AuditSurroundings surroundings) {
        this.target = target;
        this.handling = handling;
        losses = surroundings.losses();
        buffer = handling.mode() == AuditMode.BATCH
                ? Optional.of(new AuditBuffer(target, handling, surroundings, scope))
                : Optional.empty();
    }

    /// Takes an event.
    ///
    /// @return false when the call that it is of is to be refused, if it can still be
    boolean take(AuditEntry entry) {
        var event = fitting(entry);
        if (event.isEmpty()) return true;
        var bytes = target.form(event.get());
        if (buffer.isPresent()) buffer.get().take(bytes);
        else return now(bytes) || handling.mode() != AuditMode.BLOCKING_STRICT;
        return true;
    }

    private Optional<AuditEntry> fitting(AuditEntry entry) {
        if (handling.truncation().isEmpty()) return Optional.of(entry);
        long most = handling.truncation().get().event();
        var event = entry;
        if (event.json().length > most && event.tellsObjects()) event = event.truncated();
        if (event.json().length <= most) return Optional.of(event);
        losses.lost(TRUNCATE, 1, "event is too large even after truncating");
        return Optional.empty();
    }

    private boolean now(byte[] event) {
        try {
            return target.remote() ? elsewhere(event) : target.deliver(List.of(event));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Whoever goes away while his call is being written down is written down all the same.
    private boolean elsewhere(byte[] event) {
        var delivery = new FutureTask<>(() -> target.deliver(List.of(event)));
        var thread = scope.start("audit", delivery::run);
        // None begins any more when the server stops.
        if (thread.getState() == Thread.State.NEW) return false;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return delivery.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return false;
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /// Sends what is left, for as long as may be waited for, and takes nothing more.
    @Override
    public void close() throws IOException {
        buffer.ifPresent(AuditBuffer::close);
        scope.close();
        target.close();
    }
}
