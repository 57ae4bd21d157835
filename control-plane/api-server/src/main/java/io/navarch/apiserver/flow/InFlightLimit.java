package io.navarch.apiserver.flow;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.Seat;
import io.navarch.schema.admission.User;
import io.navarch.schema.admission.Verb;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/// Limits how many calls are served at a time, whoever makes them: what there is without priority and fairness.
public final class InFlightLimit implements Gate {
    private static final Set<String> READS = Set.of(Verb.GET.text(), Verb.LIST.text(), Verb.WATCH.text());
    private static final long RETRY_AFTER = 1;

    private final Optional<Semaphore> reading;
    private final Optional<Semaphore> mutating;

    /// @param reading calls at a time; 0 for any number
    /// @param mutating like this
    public InFlightLimit(int reading, int mutating) {
        this.reading = slots(reading);
        this.mutating = slots(mutating);
    }

    private static Optional<Semaphore> slots(int count) {
        return count == 0 ? Optional.empty() : Optional.of(new Semaphore(count));
    }

    @Override
    public Admission admit(ApiRequest request) {
        var slots = READS.contains(request.info().verb()) ? reading : mutating;
        boolean free = slots.isEmpty()
                || request.info().longRunning()
                || request.user().in(User.MASTERS);
        if (free) return new Admission("", "", Optional.of(Seat.NONE), 0);
        var own = slots.get();
        if (!own.tryAcquire()) return new Admission("", "", Optional.empty(), RETRY_AFTER);
        return new Admission("", "", Optional.of(new Slot(own)), 0);
    }

    private static final class Slot implements Seat {
        private final Semaphore slots;
        private boolean taken = true;

        Slot(Semaphore slots) {
            this.slots = slots;
        }

        @Override
        public void leave() {
            if (taken) slots.release();
            taken = false;
        }

        @Override
        public void computed() {}

        @Override
        public void aside() {}

        /// A plain limit is one on how many are under way, whatever they do.
        @Override
        public void lend() {}

        @Override
        public void takeBack() {}

        @Override
        public boolean takeAgain() {
            if (!taken) taken = slots.tryAcquire();
            return taken;
        }

        @Override
        public void close() {
            leave();
        }
    }
}
