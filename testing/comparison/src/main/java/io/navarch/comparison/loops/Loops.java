package io.navarch.comparison.loops;

import io.navarch.comparison.Call;
import io.navarch.comparison.Comparison;
import io.navarch.comparison.Difference;
import io.navarch.comparison.Difference.Sort;
import io.navarch.comparison.Side;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Runs every scenario on both sides, all side by side, and compares step by step. Both servers are thrown away after
/// the run, and so is what the scenarios leave behind.
public final class Loops {
    private static final int STARTS = 60;
    private static final String ROOT_CERTIFICATES = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt";

    private final Side ours;
    private final Side original;
    private final Consumer<Optional<Difference>> report;

    /// @param report gets the outcome of each comparison
    public Loops(Side ours, Side original, Consumer<Optional<Difference>> report) {
        this.ours = ours;
        this.original = original;
        this.report = report;
    }

    /// @param folder with a file for each scenario
    /// @param wanted names of scenarios
    public void run(Path folder, Predicate<String> wanted) throws IOException, InterruptedException {
        var scenarios = Scenario.all(folder).stream()
                .filter(each -> wanted.test(each.name()))
                .toList();
        for (int i = 0; i < STARTS && !(started(ours) && started(original)); i++) TaskScope.pause(1000);
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            var mine = play(workers, ours, scenarios);
            var theirs = play(workers, original, scenarios);
            for (int i = 0; i < scenarios.size(); i++)
                compare(scenarios.get(i), mine.get(i).get(), theirs.get(i).get());
            workers.shutdownNow();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static boolean started(Side side) {
        return side.send(Call.get("", ROOT_CERTIFICATES)).status() == 200;
    }

    private static List<Future<List<Play.Seen>>> play(ExecutorService workers, Side side, List<Scenario> scenarios) {
        var resources = ResourceTable.of(side);
        var node = new PlayedNode(side);
        node.register();
        workers.submit(node);
        var running = new ArrayList<Future<List<Play.Seen>>>();
        for (var scenario : scenarios)
            running.add(workers.submit(() -> new Play(side, resources, node, scenario).run()));
        return running;
    }

    private void compare(Scenario scenario, List<Play.Seen> mine, List<Play.Seen> theirs) {
        for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
            var one = mine.get(i);
            var other = theirs.get(i);
            var call = Call.get("%s %02d %s".formatted(scenario.name(), i, one.what()), "");
            if (!one.what().equals(other.what())) {
                report.accept(Optional.of(new Difference(call, Sort.BODY, List.of("goes on with: " + other.what()))));
                return;
            }
            if (one.answer().status() == 504 && other.answer().status() == 504)
                System.out.println("came on neither side: " + call.name() + ": "
                        + one.answer().body());
            report.accept(Comparison.of(call, one.answer(), other.answer()));
            one.snapshot().differences(other.snapshot()).forEach((name, details) -> {
                var about = Call.get(call.name() + ": " + name, "");
                report.accept(
                        details.isEmpty() ? Optional.empty() : Optional.of(new Difference(about, Sort.BODY, details)));
            });
        }
    }
}
