package io.navarch.comparison;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Sends calls to both servers, many at a time, and collects what differs.
final class Run {
    static final int CALLS_AT_ONCE = 24;
    /// Sequences wait for watches most of their time.
    private static final int SEQUENCES_AT_ONCE = 160;
    /// The same rules through another door: no facts are kept of it.
    static final String PATCH = "patch";

    private final Side ours;
    private final Side original;
    private final Report report;
    private volatile Facts facts = new Facts();

    Run(Side ours, Side original, Report report) {
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

    /// Calls that do not depend on each other.
    void all(String group, Stream<Call> calls) throws InterruptedException {
        each(CALLS_AT_ONCE, calls.iterator(), call -> one(group, call));
    }

    static <T> void each(int atOnce, Iterator<T> work, Consumer<T> action) throws InterruptedException {
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < atOnce; i++)
                running.add(workers.submit(() -> {
                    for (var next = take(work); next.isPresent(); next = take(work)) action.accept(next.get());
                }));
            for (var worker : running) worker.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static <T> Optional<T> take(Iterator<T> work) {
        synchronized (work) {
            return work.hasNext() ? Optional.of(work.next()) : Optional.empty();
        }
    }

    private void one(String group, Call call) {
        var mine = ours.send(call);
        var theirs = original.send(call);
        var difference = Comparison.of(call, mine, theirs);
        report.compared(group, difference);
        if (!theirs.missing() && !group.equals(PATCH))
            facts.add(call, theirs, !Outcome.of(mine, Facts.place(call)).equals(Outcome.of(theirs, Facts.place(call))));
    }

    /// What the original has answered since this was asked last.
    Facts takeFacts() {
        var taken = facts;
        facts = new Facts();
        return taken;
    }

    /// Sequences of calls, many sequences at a time. What follows the first difference of one is not compared.
    void sequences(String group, Stream<List<Call>> sequences) throws InterruptedException {
        each(SEQUENCES_AT_ONCE, sequences.iterator(), steps -> sequence(group, steps));
    }

    private void sequence(String group, List<Call> steps) {
        var playing = CompletableFuture.supplyAsync(() -> play(original, steps), Thread::startVirtualThread);
        var mine = play(ours, steps);
        var theirs = playing.join();
        boolean alike = true;
        for (int i = 0; i < steps.size() && alike; i++) {
            var difference = Comparison.of(
                    steps.get(i),
                    Undetermined.without(mine.get(i)),
                    Undetermined.withWarningsOf(mine.get(i), Undetermined.without(theirs.get(i))));
            report.compared(group, difference);
            alike = difference.isEmpty();
        }
    }

    private static List<Answer> play(Side side, List<Call> steps) {
        var answers = new ArrayList<Answer>();
        for (var step : steps) answers.add(side.send(Sequences.resolve(step, answers)));
        return answers;
    }

    /// One call to both that is not compared; our answer.
    Answer silently(Call call) {
        original.send(call);
        return ours.send(call);
    }
}
