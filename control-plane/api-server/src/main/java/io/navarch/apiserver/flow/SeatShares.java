package io.navarch.apiserver.flow;

import java.util.ArrayList;
import java.util.List;

/// How many seats each level has: its share of all seats, less what it lends, more what it borrows.
///
/// Source: https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/1040-priority-and-fairness
final class SeatShares {
    /// What counts as no demand; nothing is divided by zero.
    private static final double LEAST_TARGET = 0.001;

    private SeatShares() {}

    /// @param nominal what a level has by its share
    /// @param minimum what it never lends
    /// @param maximum what it may have with all that it borrows
    record Limits(int nominal, int minimum, int maximum) {
        static Limits of(LevelSettings level, int seats, int sharesOfAll) {
            int nominal = sharesOfAll == 0 ? 0 : (int) Math.ceil((double) seats * level.shares() / sharesOfAll);
            int lent = (int) Math.round(nominal * level.lendablePercent() / 100.0);
            int borrowed = level.borrowingPercent().isPresent()
                    ? (int) Math.round(nominal * level.borrowingPercent().getAsInt() / 100.0)
                    : seats;
            return new Limits(nominal, nominal - lent, nominal + borrowed);
        }
    }

    /// What a level wants.
    ///
    /// @param highest seats wanted at any time lately
    /// @param smoothed seats wanted over a longer time
    record Need(boolean exempt, Limits limits, int highest, double smoothed) {
        int least() {
            return exempt
                    ? Math.max(limits.minimum, highest)
                    : Math.max(limits.minimum, Math.min(limits.nominal, highest));
        }

        double target() {
            return Math.max(LEAST_TARGET, Math.max(least(), smoothed));
        }
    }

    /// @param fairness by how much targets are multiplied; 0 when there is not enough for that
    record Division(List<Integer> seats, double fairness) {}

    /// Divides all nominal seats among the levels: each gets what it has wanted lately, and beyond that all are equally
    /// far from their targets.
    static Division divide(List<Need> needs) {
        int left = needs.stream().mapToInt(need -> need.limits.nominal).sum();
        for (var need : needs) if (need.exempt) left -= need.least();
        var limited = needs.stream().filter(need -> !need.exempt).toList();
        int minimum = limited.stream().mapToInt(need -> need.limits.minimum).sum();
        int least = limited.stream().mapToInt(Need::least).sum();
        var seats = new ArrayList<Integer>();
        if (left <= least) {
            // What was wanted cannot be had by all: each gets the same part of what is above its minimum.
            double part = left <= minimum ? 0 : (double) (left - minimum) / (least - minimum);
            for (var need : needs) {
                int base = need.limits.minimum;
                seats.add(need.exempt ? need.least() : base + (int) Math.round((need.least() - base) * part));
            }
            return new Division(seats, 0);
        }
        double fairness = fairness(left, limited);
        for (var need : needs) seats.add(need.exempt ? need.least() : (int) Math.round(seats(need, fairness)));
        return new Division(seats, fairness);
    }

    private static double seats(Need need, double fairness) {
        return Math.clamp(need.target() * fairness, need.least(), need.limits.maximum);
    }

    /// The factor at which the levels' seats make the sum. They grow with it, in a line between the factors at which a
    /// level leaves its lower bound or reaches its upper one.
    private static double fairness(int sum, List<Need> needs) {
        var bends = new ArrayList<Double>();
        for (var need : needs) {
            bends.add(need.least() / need.target());
            bends.add(need.limits.maximum / need.target());
        }
        bends.sort(null);
        double below = 0;
        double have = total(needs, 0);
        for (double bend : bends) {
            double reached = total(needs, bend);
            if (reached >= sum)
                return reached == have ? bend : below + (bend - below) * (sum - have) / (reached - have);
            below = bend;
            have = reached;
        }
        return below;
    }

    private static double total(List<Need> needs, double fairness) {
        return needs.stream().mapToDouble(need -> seats(need, fairness)).sum();
    }
}
