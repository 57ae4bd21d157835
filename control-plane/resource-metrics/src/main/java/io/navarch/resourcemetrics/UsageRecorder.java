package io.navarch.resourcemetrics;

import io.navarch.resourcemetrics.UsageBucket.Taken;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what nodes and pods took, and how much the API had to do, for a day.
final class UsageRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(UsageRecorder.class);
    static final Duration RESOLUTION = Duration.ofMinutes(5);
    private static final Duration USUAL = Duration.ofSeconds(15);
    private static final long NANO_TO_MILLI = 1_000_000;

    private final UsageFiles files;
    private final LongAdder calls = new LongAdder();
    private Optional<BucketDraft> draft = Optional.empty();
    private Optional<Instant> last = Optional.empty();

    UsageRecorder(UsageFiles files) {
        this.files = files;
    }

    /// Somebody outside has called.
    void called() {
        calls.increment();
    }

    /// What is known after a round of questions.
    synchronized void round(UsageHistory history, Instant now) {
        var begin = Instant.ofEpochSecond(
                now.getEpochSecond() - Math.floorMod(now.getEpochSecond(), RESOLUTION.toSeconds()));
        if (draft.isPresent() && !draft.get().time.equals(begin)) {
            keep(draft.get().bucket());
            draft = Optional.empty();
        }
        var current = draft.orElseGet(() -> new BucketDraft(begin));
        draft = Optional.of(current);
        current.add(nodes(history), pods(history), calls.sumThenReset(), passed(now));
        last = Optional.of(now);
    }

    /// Since the last round, unless somebody has set the clock meanwhile.
    private Duration passed(Instant now) {
        var passed = last.map(before -> Duration.between(before, now)).orElse(USUAL);
        return passed.isNegative() || passed.compareTo(RESOLUTION) > 0 ? USUAL : passed;
    }

    private void keep(UsageBucket bucket) {
        try {
            files.append(bucket);
        } catch (IOException e) {
            LOG.warn("what nodes took is not kept: {}", e.toString());
        }
    }

    private static Map<String, Taken> nodes(UsageHistory history) {
        var nodes = new HashMap<String, Taken>();
        for (var name : history.lastNodes().keySet())
            history.node(name)
                    .ifPresent(usage -> nodes.put(name, new Taken(usage.cpu() / NANO_TO_MILLI, usage.memory())));
        return nodes;
    }

    private static Map<String, Taken> pods(UsageHistory history) {
        var pods = new HashMap<String, Taken>();
        for (var key : history.last().keySet())
            history.pod(key).ifPresent(usage -> {
                long cpu = 0;
                long memory = 0;
                for (var each : usage.containers().values()) {
                    cpu += each.cpu();
                    memory += each.memory();
                }
                pods.put(key.namespace() + "/" + key.name(), new Taken(cpu / NANO_TO_MILLI, memory));
            });
        return pods;
    }

    /// The oldest first; the last one is not over yet.
    synchronized List<UsageBucket> since(Instant begin) {
        var all = new ArrayList<>(files.since(begin));
        draft.map(BucketDraft::bucket).ifPresent(now -> {
            if (!all.isEmpty() && all.getLast().time().equals(now.time()))
                all.set(all.size() - 1, all.getLast().and(now));
            else all.add(now);
        });
        return all;
    }
}
