package io.navarch.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/// Quantiles of durations of the last five hours, each to about two in a hundred. Values are counted in buckets that
/// grow by that much, an hour at a time, so that memory depends on neither number nor age.
final class Quantiles {
    private static final long HOUR = 3_600_000_000_000L;
    private static final int HOURS = 5;
    private static final double[] WANTED = {0.5, 0.9, 0.99};

    private static final double SMALLEST = 1e-7;
    private static final double LOG_GROWTH = Math.log(1.04);
    /// Up to some hours; what is longer counts as that.
    private static final int BUCKETS = 640;

    private record Hour(long began, int[] counts) {}

    /// @param quantiles not a number where nothing was observed lately
    /// @param sum of all that was ever observed, as the number of observations
    record Seen(Map<Double, Double> quantiles, double sum, long count) {}

    private final Deque<Hour> hours = new ArrayDeque<>();
    private double sum;
    private long count;

    synchronized void add(double value, long now) {
        forget(now);
        if (hours.isEmpty() || now - hours.getLast().began >= HOUR) hours.add(new Hour(now, new int[BUCKETS]));
        hours.getLast().counts[bucket(value)]++;
        sum += value;
        count++;
    }

    synchronized Seen seen(long now) {
        forget(now);
        var all = new long[BUCKETS];
        long number = 0;
        for (var hour : hours) {
            for (int i = 0; i < BUCKETS; i++) {
                all[i] += hour.counts[i];
                number += hour.counts[i];
            }
        }
        var quantiles = new TreeMap<Double, Double>();
        for (double wanted : WANTED) quantiles.put(wanted, value(all, (long) Math.ceil(wanted * number)));
        return new Seen(quantiles, sum, count);
    }

    private void forget(long now) {
        while (!hours.isEmpty() && now - hours.getFirst().began >= HOURS * HOUR) hours.removeFirst();
    }

    private static int bucket(double value) {
        if (value <= SMALLEST) return 0;
        return Math.min(BUCKETS - 1, (int) Math.ceil(Math.log(value / SMALLEST) / LOG_GROWTH));
    }

    private static double value(long[] counts, long rank) {
        if (rank == 0) return Double.NaN;
        long below = 0;
        int i = 0;
        while (i < BUCKETS - 1 && below + counts[i] < rank) below += counts[i++];
        return SMALLEST * Math.exp((i - 0.5) * LOG_GROWTH);
    }
}
