package io.navarch.reconcile;

import io.navarch.process.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a controller wants done, as a value: it can be compared, printed, and carried out again. The parts are carried
/// out in this order; the first failure ends a pass, and the key comes back.
///
/// @param changes to other objects; creations, and deletions, of one resource that follow each other run side by side
/// @param status of the object itself
/// @param afterStatus what must not happen before the status is written, such as removing a finalizer
/// @param events told once all of that is done
/// @param metrics recorded with them
/// @param requeueAfter when to look again although nothing has changed
/// @param waitingOn why the object is not yet as its spec wants it
public record Decision(
        List<Action> changes,
        Optional<Action.Update> status,
        List<Action> afterStatus,
        List<Action.RecordEvent> events,
        List<Metric.Sample> metrics,
        Optional<Duration> requeueAfter,
        List<Reason> waitingOn) {
    public static final Decision NOTHING = builder().build();

    /// These changes, in this order, and nothing else.
    public static Decision of(List<Action> changes) {
        return builder().changes(changes).build();
    }

    public static Decision of(Action... changes) {
        return of(List.of(changes));
    }

    /// Everything that is written, in order.
    public List<Action> actions() {
        var result = new ArrayList<>(changes);
        status.ifPresent(result::add);
        result.addAll(afterStatus);
        result.addAll(events);
        for (var sample : metrics) result.add(new Action.RecordMetric(sample));
        return result;
    }

    public static Builder builder() {
        return new Builder();
    }

    public static final class Builder {
        private final List<Action> changes = new ArrayList<>();
        private Optional<Action.Update> status = Optional.empty();
        private final List<Action> afterStatus = new ArrayList<>();
        private final List<Action.RecordEvent> events = new ArrayList<>();
        private final List<Metric.Sample> metrics = new ArrayList<>();
        private Optional<Duration> requeueAfter = Optional.empty();
        private final List<Reason> waitingOn = new ArrayList<>();

        private Builder() {}

        public Builder change(Action action) {
            changes.add(action);
            return this;
        }

        public Builder change(Optional<? extends Action> action) {
            action.ifPresent(changes::add);
            return this;
        }

        public Builder changes(List<? extends Action> actions) {
            changes.addAll(actions);
            return this;
        }

        public Builder status(Action.Update update) {
            status = Optional.of(update);
            return this;
        }

        public Builder status(Optional<Action.Update> update) {
            status = update;
            return this;
        }

        public Builder afterStatus(Action action) {
            afterStatus.add(action);
            return this;
        }

        public Builder afterStatus(List<? extends Action> actions) {
            afterStatus.addAll(actions);
            return this;
        }

        public Builder event(Action.RecordEvent event) {
            events.add(event);
            return this;
        }

        public Builder events(List<Action.RecordEvent> more) {
            events.addAll(more);
            return this;
        }

        public Builder metrics(List<Metric.Sample> samples) {
            metrics.addAll(samples);
            return this;
        }

        /// Everything that another decision has, after what is here already; a status of its own replaces this one's.
        public Builder include(Decision part) {
            part.status().ifPresent(this::status);
            return changes(part.changes())
                    .afterStatus(part.afterStatus())
                    .events(part.events())
                    .metrics(part.metrics())
                    .requeueAfter(part.requeueAfter())
                    .waitingOn(part.waitingOn());
        }

        /// Of several times the earliest counts.
        public Builder requeueAfter(Duration delay) {
            if (requeueAfter.isEmpty() || delay.compareTo(requeueAfter.get()) < 0) requeueAfter = Optional.of(delay);
            return this;
        }

        public Builder requeueAfter(Optional<Duration> delay) {
            delay.ifPresent(this::requeueAfter);
            return this;
        }

        public Builder waitingOn(Reason reason) {
            waitingOn.add(reason);
            return this;
        }

        public Builder waitingOn(List<? extends Reason> reasons) {
            waitingOn.addAll(reasons);
            return this;
        }

        public Decision build() {
            return new Decision(
                    List.copyOf(changes),
                    status,
                    List.copyOf(afterStatus),
                    List.copyOf(events),
                    List.copyOf(metrics),
                    requeueAfter,
                    List.copyOf(waitingOn));
        }
    }
}
