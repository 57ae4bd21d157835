package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.reconcile.ControllerWiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `docs/controllers.md` is what the controllers' wiring says. `-Dgolden.rewrite=true` writes it anew.
class ControllersPageTest {
    private static final Path PAGE = Path.of("../../docs/controllers.md");

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    @Test
    void thePageIsUpToDate() throws IOException {
        var page = page(plane.plane.controllers().stream()
                .sorted(Comparator.comparing(ControllerWiring::name))
                .toList());
        // What follows is not made of wiring.
        var written = Files.readString(PAGE);
        page += written.substring(written.indexOf("\n## "));
        if (Boolean.getBoolean("golden.rewrite")) Files.writeString(PAGE, page);
        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String page(List<ControllerWiring> controllers) {
        var lines = new ArrayList<String>();
        lines.add("# Controllers");
        lines.add("");
        lines.add(
                "Made from the controllers' wiring by `ControllersPageTest`; a test fails when it is out of date. Each runs");
        lines.add(
                "as the ServiceAccount of its name in `kube-system`, with a ClusterRole `system:controller:NAME` that is made");
        lines.add("of the same wiring: what is not in this table is refused to it.");
        lines.add("");
        lines.add("| Controller | Looks at | Writes |");
        lines.add("|---|---|---|");
        for (var each : controllers) lines.add(row(each));
        lines.add("");
        lines.add("Who makes what: arrows go from the kind that a controller follows to the kinds that it creates.");
        lines.add("");
        lines.add("```mermaid");
        lines.add("flowchart LR");
        for (var each : controllers) edges(each, lines);
        lines.add("```");
        lines.add("");
        lines.add("Metrics that each tells besides `workqueue_*` of its queue:");
        lines.add("");
        lines.add("| Controller | Queue | Metrics |");
        lines.add("|---|---|---|");
        for (var each : controllers) lines.add(metrics(each));
        return String.join("\n", lines) + "\n";
    }

    private static String row(ControllerWiring controller) {
        var inputs = new TreeSet<String>();
        for (var input : controller.inputs())
            inputs.add(
                    input.type().plural().equals("*")
                            ? "everything"
                            : input.type().plural());
        var writes = new TreeMap<String, TreeSet<String>>();
        for (var permission : controller.outputs())
            for (var resource : permission.resources())
                writes.computeIfAbsent(resource.equals("*") ? "everything" : resource, name -> new TreeSet<>())
                        .addAll(permission.verbs());
        var written = new ArrayList<String>();
        writes.forEach((resource, verbs) -> written.add(resource + " (" + String.join(", ", verbs) + ")"));
        return "| " + controller.name() + " | " + String.join(", ", inputs) + " | " + String.join(", ", written) + " |";
    }

    private static String metrics(ControllerWiring controller) {
        var names = new TreeSet<String>();
        for (var metric : controller.metrics()) names.add("`" + metric.name() + "`");
        return "| " + controller.name() + " | " + controller.queue() + " | " + String.join(", ", names) + " |";
    }

    private static void edges(ControllerWiring controller, List<String> lines) {
        var made = new TreeSet<String>();
        for (var permission : controller.outputs())
            if (permission.verbs().contains("create"))
                for (var resource : permission.resources()) if (!resource.contains("/")) made.add(resource);
        var followed = controller.inputs().getFirst().type().plural();
        for (var resource : made)
            if (!resource.equals(followed))
                lines.add("  " + followed + " -- " + controller.name() + " --> " + resource);
    }
}
