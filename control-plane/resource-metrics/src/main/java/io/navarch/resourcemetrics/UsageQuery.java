package io.navarch.resourcemetrics;

import io.navarch.objects.GoDuration;
import io.navarch.objects.View;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What somebody wants to know of the last day.
///
/// @param pods whether of pods, otherwise of nodes
/// @param namespace `""` for all
public record UsageQuery(Duration since, boolean pods, String namespace) {
    static final String PATH = "/navarch/usage";
    private static final String SINCE = "since";
    private static final String PODS = "pods";
    private static final String NAMESPACE = "namespace";
    private static final String BUCKETS = "buckets";

    /// How much time is told as one.
    public static final Duration RESOLUTION = UsageRecorder.RESOLUTION;

    public static final Duration LONGEST = UsageFiles.KEPT;

    /// Where it is asked for.
    public String uri() {
        return PATH + "?" + SINCE + "=" + GoDuration.text(since) + "&" + PODS + "=" + pods + "&" + NAMESPACE + "="
                + URLEncoder.encode(namespace, StandardCharsets.UTF_8);
    }

    /// @throws IllegalArgumentException when the time is none
    static UsageQuery of(Map<String, List<String>> parameters) {
        var since = first(parameters, SINCE);
        var length = since.isEmpty() ? LONGEST : GoDuration.parse(since);
        if (length.isNegative() || length.compareTo(LONGEST) > 0)
            throw new IllegalArgumentException("since must be from 0s to " + GoDuration.text(LONGEST));
        return new UsageQuery(length, first(parameters, PODS).equals("true"), first(parameters, NAMESPACE));
    }

    private static String first(Map<String, List<String>> parameters, String name) {
        var values = parameters.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    /// What of a few minutes is asked for, as it is answered.
    UsageBucket part(UsageBucket bucket) {
        var ofPods = new LinkedHashMap<String, UsageBucket.Taken>();
        if (pods)
            bucket.pods().forEach((name, taken) -> {
                if (namespace.isEmpty() || name.startsWith(namespace + "/")) ofPods.put(name, taken);
            });
        return new UsageBucket(
                bucket.time(), bucket.seconds(), bucket.calls(), pods ? Map.of() : bucket.nodes(), ofPods);
    }

    static String answer(List<UsageBucket> buckets) {
        var text = new StringBuilder("{\"" + BUCKETS + "\":[");
        for (int i = 0; i < buckets.size(); i++) {
            if (i > 0) text.append(',');
            text.append(buckets.get(i).line());
        }
        return text.append("]}").toString();
    }

    /// What such an answer holds.
    public static Stream<View> buckets(View answer) {
        return answer.get(BUCKETS).views().stream();
    }
}
