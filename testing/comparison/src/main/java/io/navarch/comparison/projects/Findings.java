package io.navarch.comparison.projects;

import io.navarch.comparison.Answer;
import io.navarch.comparison.Call;
import io.navarch.comparison.Comparison;
import io.navarch.comparison.Difference;
import io.navarch.comparison.Difference.Sort;
import io.navarch.comparison.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;

/// Sends calls to both servers and tells what differs.
final class Findings {
    private static final int CALLS_AT_ONCE = 6;

    private final Side ours;
    private final Side original;
    private final BiConsumer<String, Optional<Difference>> report;

    /// @param report gets the group and the outcome of each comparison
    Findings(Side ours, Side original, BiConsumer<String, Optional<Difference>> report) {
        this.ours = ours;
        this.original = original;
        this.report = report;
    }

    Side ours() {
        return ours;
    }

    Side original() {
        return original;
    }

    /// Both answers to a call, after they were compared.
    record Both(Call call, Answer mine, Answer theirs) {}

    Both compare(String group, Call call) {
        return tell(group, call, ours.send(call), original.send(call));
    }

    Both tell(String group, Call call, Answer mine, Answer theirs) {
        report.accept(group, Comparison.of(call, mine, theirs));
        return new Both(call, mine, theirs);
    }

    void missed(String group, String what) {
        report.accept(group, Optional.of(new Difference(Call.get(what, ""), Sort.BODY, List.of(what))));
    }

    void told(String group, Optional<Difference> difference) {
        report.accept(group, difference);
    }

    /// Calls that do not depend on each other.
    List<Both> all(String group, Collection<Call> calls) throws InterruptedException {
        var turns = new Semaphore(CALLS_AT_ONCE);
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Both>>();
            for (var call : calls) {
                turns.acquire();
                running.add(workers.submit(() -> {
                    try {
                        return compare(group, call);
                    } finally {
                        turns.release();
                    }
                }));
            }
            var result = new ArrayList<Both>();
            for (var each : running) result.add(each.get());
            return result;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
