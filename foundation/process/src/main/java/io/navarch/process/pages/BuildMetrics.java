package io.navarch.process.pages;

import io.navarch.process.Metric;
import java.util.List;

/// What a program was built of, as a metric.
public final class BuildMetrics {
    public static final String DATE = "2026-01-01T00:00:00Z";
    public static final String COMPILER = "java " + Runtime.version().feature();
    public static final String PLATFORM =
            "linux/" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");

    private static final Metric BUILD = Metric.gauge(
            "kubernetes_build_info",
            "[BETA] What this was built of.",
            "build_date",
            "compiler",
            "git_commit",
            "git_tree_state",
            "git_version",
            "go_version",
            "major",
            "minor",
            "platform");

    private BuildMetrics() {}

    public static List<Metric.Sample> of(String gitVersion) {
        return List.of(BUILD.of(1, DATE, COMPILER, "", "clean", gitVersion, "", "1", "36", PLATFORM));
    }
}
