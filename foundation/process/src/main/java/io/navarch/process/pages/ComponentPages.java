package io.navarch.process.pages;

import io.navarch.process.Logs;
import io.navarch.process.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Everything that one part says of itself, on a port of its own.
public final class ComponentPages {
    private static final Page NOT_FOUND = Page.text(404, "404 page not found\n").unsniffed();
    private static final List<String> PATHS = List.of("/flagz", "/metrics", "/metrics/slis", "/statusz");

    /// Who it is.
    ///
    /// @param name such as `kube-scheduler`
    /// @param flags with which the process was started, without what is secret
    /// @param debug whether those who may can look into it, and change how much is logged
    public record Component(String name, String gitVersion, Map<String, String> flags, boolean debug) {
        /// What only this process itself can be asked about.
        public Optional<Page> debugged(Page.Request request) {
            return debug ? new DebugPages(Logs::verbosity).find(request) : Optional.empty();
        }
    }

    private final Component component;
    private final HealthPages health;
    private final Metrics metrics;
    private final StatusPage status;
    private final FlagsPage flags;
    private final Map<String, Supplier<Page>> others;

    /// @param metrics of this part; those of the process are added
    public ComponentPages(Component component, Metrics metrics, HealthPages health) {
        this(component, metrics, health, Map.of());
    }

    /// @param others further pages, by their paths
    public ComponentPages(
            Component component, Metrics metrics, HealthPages health, Map<String, Supplier<Page>> others) {
        this.component = component;
        this.metrics = metrics;
        this.health = health;
        this.others = Map.copyOf(others);
        metrics.registerGauges(ProcessMetrics::read);
        metrics.registerGauges(() -> BuildMetrics.of(component.gitVersion));
        var paths = new ArrayList<>(PATHS);
        paths.addAll(health.paths());
        paths.addAll(others.keySet());
        status = new StatusPage(component.name, component.gitVersion, paths);
        flags = new FlagsPage(component.name, component.flags);
    }

    public Page answer(Page.Request request) {
        return find(request).orElse(NOT_FOUND);
    }

    /// Empty when there is no such page.
    public Optional<Page> find(Page.Request request) {
        var path = request.path();
        var checked = health.answer(path, request.query());
        if (checked.isPresent()) return checked;
        return switch (path) {
            case "/metrics" -> Optional.of(Page.metrics(metrics.text()));
            case "/statusz" -> Optional.of(status.answer(request.accept()));
            case "/flagz" -> Optional.of(flags.answer(request.accept()));
            default ->
                others.containsKey(path)
                        ? Optional.ofNullable(others.get(path)).map(Supplier::get)
                        : component.debugged(request);
        };
    }
}
