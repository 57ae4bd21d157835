package io.navarch.apiserver.timing;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How long the parts of a call take. Whoever serves it adds to it; those who do not know which call they work for,
/// such as the store, find it by the thread.
public final class CallTimes {
    private static final ScopedValue<CallTimes> CURRENT = ScopedValue.newInstance();

    /// What is measured by itself. They may overlap: admission may ask the store.
    public enum Part {
        AUTHENTICATION("authentication"),
        /// Waiting for a turn.
        QUEUE("queue"),
        AUTHORIZATION("authorization"),
        ADMISSION("admission"),
        STORE("store"),
        SERIALIZATION("serialization"),
        /// From the beginning of the answer to its end; of one that is made bit by bit, that as well.
        WRITING("writing");

        private final String text;

        Part(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// What a call does.
    public interface Work {
        void run() throws IOException;
    }

    /// Something that was done for a call.
    ///
    /// @param since nanoseconds of a clock that nobody can set
    public record Interval(String name, long since, long until) {}

    /// Whoever follows a call wants to see what it does, not each of a thousand objects that it deletes.
    private static final int MOST = 128;

    private final Map<Part, Long> nanos = new EnumMap<>(Part.class);
    private final List<Interval> intervals = new ArrayList<>(0);
    private boolean followed;

    /// Does something that takes the time of this call.
    public void during(Work work) throws IOException {
        ScopedValue.where(CURRENT, this).<Boolean, IOException>call(() -> {
            work.run();
            return true;
        });
    }

    /// Adds to the call that this thread works for, if there is one.
    ///
    /// @param name of what was done, as whoever follows the call sees it
    public static void current(Part part, String name, long since, long until) {
        if (CURRENT.isBound()) CURRENT.get().add(part, name, since, until);
    }

    public void add(Part part, String name, long since, long until) {
        nanos.merge(part, until - since, Long::sum);
        did(name, since, until);
    }

    /// Something was done that is none of the parts.
    public void did(String name, long since, long until) {
        if (followed && intervals.size() < MOST) intervals.add(new Interval(name, since, until));
    }

    /// From now on what is done is kept.
    public void follow() {
        followed = true;
    }

    /// What was done since it was followed.
    public List<Interval> intervals() {
        return List.copyOf(intervals);
    }

    public Duration of(Part part) {
        return Duration.ofNanos(nanos.getOrDefault(part, 0L));
    }
}
