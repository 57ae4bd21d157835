package io.navarch.comparison.projects;

/// What came of a project, counted.
final class Result {
    private int definitions;
    private int refused;
    private int largest;
    private long slowest;
    private long originalSlowest;
    private int samplesTaken;
    private int samplesRefused;
    private int spoiledTaken;
    private int spoiledRefused;

    void definition(int bytes, long millis, long originalMillis, boolean taken) {
        definitions++;
        if (!taken) refused++;
        largest = Math.max(largest, bytes);
        slowest = Math.max(slowest, millis);
        originalSlowest = Math.max(originalSlowest, originalMillis);
    }

    void sample(boolean taken) {
        if (taken) samplesTaken++;
        else samplesRefused++;
    }

    void spoiled(boolean taken) {
        if (taken) spoiledTaken++;
        else spoiledRefused++;
    }

    static String head() {
        return """
                | project | definitions | refused | largest, KB | established, ms | original | samples taken | refused | spoiled taken | refused | calls | differ |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """;
    }

    String row(String project, long calls, long differences) {
        return "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d |%n"
                .formatted(
                        project,
                        definitions,
                        refused,
                        largest / 1000,
                        slowest,
                        originalSlowest,
                        samplesTaken,
                        samplesRefused,
                        spoiledTaken,
                        spoiledRefused,
                        calls,
                        differences);
    }
}
