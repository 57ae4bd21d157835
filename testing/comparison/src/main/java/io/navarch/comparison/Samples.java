package io.navarch.comparison;

import io.navarch.comparison.generate.FieldCalls;
import io.navarch.comparison.generate.RequestCalls;
import io.navarch.comparison.generate.Sample;
import io.navarch.objects.Trees;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The calls about one kind, in their order: whoever sends them sends the same.
final class Samples {
    /// Every group of calls about a kind.
    static final Predicate<String> GROUPS = group -> true;

    /// Sends the calls of a group, which do not depend on each other.
    @FunctionalInterface
    interface Sender {
        void send(String group, Stream<Call> calls) throws InterruptedException;
    }

    /// Sends a call that is only a means to an end.
    @FunctionalInterface
    interface Means {
        /// @return our answer
        Answer send(Call call);
    }

    private Samples() {}

    /// What objects in a namespace need, where no controller makes it.
    static List<Call> prepare() {
        return List.of(
                Call.of(
                        "namespace",
                        "POST",
                        "/api/v1/namespaces",
                        Map.of("metadata", Map.of("name", Sample.NAMESPACE))),
                Call.of(
                        "account",
                        "POST",
                        "/api/v1/namespaces/" + Sample.NAMESPACE + "/serviceaccounts",
                        Map.of("metadata", Map.of("name", "default"))));
    }

    /// @param wanted which groups
    static void compare(Sample sample, Predicate<String> wanted, Means silently, Sender sender)
            throws InterruptedException {
        var fields = new FieldCalls(sample);
        if (wanted.test("create")) sender.send("create", fields.creations());
        if (!sample.kind().listable() || sample.kind().computed()) return;
        silently.send(fields.setUp());
        var stored = silently.send(fields.read());
        if (!stored.accepted()) return;
        var object = Trees.copy(stored.object().map());
        for (var field : List.of("resourceVersion", "uid", "creationTimestamp"))
            Trees.remove(object, "metadata", field);
        // Addresses that the other server has not given out; both keep their own.
        for (var field : List.of("clusterIP", "clusterIPs")) Trees.remove(object, "spec", field);
        if (wanted.test("update")) sender.send("update", fields.updates(object));
        if (wanted.test("status")) sender.send("status", fields.statuses(object));
        if (wanted.test("patch")) sender.send("patch", fields.patches());
        if (wanted.test("request")) sender.send("request", new RequestCalls(sample).all().stream());
        silently.send(fields.tearDown());
    }
}
