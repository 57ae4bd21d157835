package io.navarch.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/// Feeds mutations to a target. The same seed makes the same inputs. Inputs that it answered in a new way are mutated
/// further.
final class Campaign {
    /// More than this nobody may make of an input.
    private static final long MOST = 64L << 20;

    private static final int LARGEST_CORPUS = 3000;
    private static final int LARGEST_KEPT = 2048;
    private static final int MOST_FINDINGS = 20;

    /// What an input brought to light.
    record Finding(String target, byte[] input, Throwable cause) {
        @Override
        public String toString() {
            var shown = new String(input, 0, Math.min(input.length, 300), StandardCharsets.UTF_8);
            return target + ": " + cause + "\n  " + shown.replaceAll("\\p{Cntrl}", ".") + "\n  base64 "
                    + Base64.getEncoder().encodeToString(input);
        }
    }

    private final Target target;
    private final Mutator mutator;
    private final List<byte[]> corpus;
    private final Set<String> answers = new HashSet<>();
    private final Set<String> places = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();
    private long count;

    /// What is being read, for whoever watches how long that takes.
    private volatile byte[] current = {};

    private volatile long since;

    Campaign(Target target, long seed) {
        this.target = target;
        mutator = new Mutator(new SplittableRandom(seed));
        corpus = new ArrayList<>(target.seeds());
    }

    void run(BooleanSupplier goesOn) {
        for (var seed : target.seeds()) read(seed);
        while (goesOn.getAsBoolean() && findings.size() < MOST_FINDINGS) {
            var input = mutator.mutated(corpus, target.words());
            if (read(input) && corpus.size() < LARGEST_CORPUS && input.length < LARGEST_KEPT) corpus.add(input);
        }
        since = 0;
    }

    /// @return whether the answer was a new one
    private boolean read(byte[] input) {
        count++;
        current = input;
        since = System.nanoTime();
        try {
            long made = target.reader().read(input);
            if (made > MOST) found(input, new IllegalStateException(made + " bytes were made of it"));
            return answers.add("ok " + Long.numberOfTrailingZeros(Long.highestOneBit(made)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Throwable e) {
            if (!target.refuses(e)) found(input, e);
            return answers.add(shape(e));
        }
    }

    private void found(byte[] input, Throwable e) {
        var trace = e.getStackTrace();
        var place = e.getClass() + (trace.length == 0 ? shape(e) : trace[0].toString());
        if (places.add(place)) findings.add(new Finding(target.name(), input, e));
    }

    /// What an answer says apart from what it shows of the input.
    private static String shape(Throwable e) {
        var message = String.valueOf(e.getMessage());
        var head = message.substring(0, Math.min(200, message.length()));
        var plain = head.replaceAll("\"[^\"]*\"|'[^']*'|[^a-zA-Z ]", "");
        return e.getClass().getSimpleName() + plain.substring(0, Math.min(60, plain.length()));
    }

    /// How long the input that is being read has taken so far, in seconds.
    long waiting() {
        long start = since;
        return start == 0 ? 0 : (System.nanoTime() - start) / 1_000_000_000;
    }

    Finding stuck() {
        return new Finding(target.name(), current, new IllegalStateException("is not done"));
    }

    List<Finding> findings() {
        return findings;
    }

    long count() {
        return count;
    }

    String name() {
        return target.name();
    }
}
