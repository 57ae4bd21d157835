package io.navarch.apps.lifecycle;

import io.navarch.cli.PodTrouble;
import io.navarch.cli.PodTrouble.Log;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// What is told of a rollout that has not come to its end: what is wrong, and what to do next.
final class Failure {
    /// Pods of one template mostly have one trouble.
    private static final int TOLD = 3;

    private Failure() {}

    /// A trouble with the last lines that its container has written.
    record Told(PodTrouble trouble, List<String> lines) {}

    /// The troubles that are told: of those that are alike the first.
    static List<PodTrouble> worthTelling(List<PodTrouble> troubles) {
        var seen = new LinkedHashSet<String>();
        return troubles.stream()
                .filter(trouble -> seen.add(trouble.container() + trouble.what()))
                .limit(TOLD)
                .toList();
    }

    static List<String> lines(List<Told> troubles) {
        var lines = new ArrayList<String>();
        for (var told : troubles) {
            var trouble = told.trouble;
            lines.add("  " + trouble.pod().name()
                    + (trouble.container().isEmpty() ? "" : ", container " + trouble.container()) + ": "
                    + trouble.what());
            told.lines.forEach(line -> lines.add("    | " + line));
        }
        lines.add("next:");
        troubles.stream().map(Failure::look).distinct().forEach(line -> lines.add("  " + line));
        return lines;
    }

    private static String look(Told told) {
        var trouble = told.trouble;
        var of = " -n " + trouble.pod().namespace();
        if (trouble.log() == Log.NONE)
            return "kubectl describe" + of + " pod/" + trouble.pod().name();
        return "kubectl logs" + of + " " + trouble.pod().name() + " -c " + trouble.container()
                + (trouble.log() == Log.PREVIOUS ? " --previous" : "");
    }
}
