package io.navarch.scheduler;

import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Backoff;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/// Pods that wait for a node: active ones in the order of priority and age, those that failed until their backoff is
/// over, and unschedulable ones until something happens that could help them.
final class SchedulingQueue {
    /// @param since when it was tried first, 0 when it has not been
    private record Waiting(Pod pod, int attempts, long order, long since) {}

    private record BackedOff(Waiting waiting, long until) {}

    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));
    private final PriorityQueue<Waiting> active = new PriorityQueue<>((a, b) -> {
        int byPriority = Integer.compare(b.pod.spec().priority(), a.pod.spec().priority());
        return byPriority != 0 ? byPriority : Long.compare(a.order, b.order);
    });
    private final PriorityQueue<BackedOff> backedOff = new PriorityQueue<>((a, b) -> Long.compare(a.until, b.until));
    private final Map<ObjectKey, Waiting> unschedulable = new HashMap<>();
    /// The order of the latest version of each pod; entries of other versions are stale, and skipped.
    private final Map<ObjectKey, Long> current = new HashMap<>();

    private long next;
    /// Counts what could have made room.
    private long events;

    synchronized void add(Pod pod) {
        boolean known = current.containsKey(pod.key());
        long order = next++;
        current.put(pod.key(), order);
        if (known) unschedulable.remove(pod.key());
        active.add(new Waiting(pod, 0, order, 0));
        notifyAll();
    }

    synchronized void remove(ObjectKey key) {
        current.remove(key);
        unschedulable.remove(key);
    }

    /// A pod and how often it has been tried; waits for one.
    synchronized Attempt take() throws InterruptedException {
        while (true) {
            long now = System.nanoTime();
            while (!backedOff.isEmpty() && backedOff.peek().until <= now) active.add(backedOff.poll().waiting);
            var head = active.poll();
            if (head == null) {
                if (backedOff.isEmpty()) wait();
                else wait(Math.max(1, (backedOff.peek().until - now) / 1_000_000));
                continue;
            }
            // A later version of the pod, or none, has taken this one's place.
            if (!latest(head)) continue;
            return new Attempt(head.pod, head.attempts + 1, head.order, events, head.since == 0 ? now : head.since);
        }
    }

    /// @param since when the pod was tried first
    record Attempt(Pod pod, int attempts, long order, long events, long since) {}

    /// Puts back a pod that no node could take. If something helpful happened meanwhile, it only waits out its backoff.
    synchronized void failed(Attempt attempt) {
        if (attempt.events != events) refused(attempt);
        else if (latest(attempt)) unschedulable.put(attempt.pod.key(), waiting(attempt));
    }

    /// Puts back a pod for which a node was found, but the API server refused to write that down, as when somebody else
    /// wrote the pod at that moment: nothing need happen before it is tried again.
    synchronized void refused(Attempt attempt) {
        if (latest(attempt)) backOff(waiting(attempt));
    }

    private boolean latest(Attempt attempt) {
        return latest(waiting(attempt));
    }

    private static Waiting waiting(Attempt attempt) {
        return new Waiting(attempt.pod, attempt.attempts, attempt.order, attempt.since);
    }

    private void backOff(Waiting waiting) {
        backedOff.add(new BackedOff(
                waiting, System.nanoTime() + backoff.after(waiting.attempts).toNanos()));
        notifyAll();
    }

    /// How many pods wait, by what for.
    synchronized Map<String, Integer> sizes() {
        return Map.of(
                "active",
                (int) active.stream().filter(this::latest).count(),
                "backoff",
                (int) backedOff.stream().filter(each -> latest(each.waiting)).count(),
                "unschedulable",
                unschedulable.size());
    }

    private boolean latest(Waiting waiting) {
        return Long.valueOf(waiting.order).equals(current.get(waiting.pod.key()));
    }

    /// Something changed that could make room: a node, or a pod that left one.
    void wake() {
        wake(pod -> true);
    }

    /// Something changed that could help some pods.
    synchronized void wake(Predicate<Pod> helped) {
        events++;
        unschedulable.values().removeIf(waiting -> {
            if (!helped.test(waiting.pod)) return false;
            backOff(waiting);
            return true;
        });
    }
}
