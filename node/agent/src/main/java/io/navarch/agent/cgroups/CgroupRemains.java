package io.navarch.agent.cgroups;

import io.navarch.agent.decide.PodCgroup;
import io.navarch.model.PodQosClass;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node that does not run any more has left of control groups.
///
/// @param root below which they were, `""` for the machine's own root
public record CgroupRemains(Cgroups cgroups, String root) {
    private static final Logger LOG = LoggerFactory.getLogger(CgroupRemains.class);
    private static final String NOTE = "cgroup-root";
    private static final List<PodQosClass> CLASSES =
            List.of(PodQosClass.BURSTABLE, PodQosClass.BEST_EFFORT, PodQosClass.GUARANTEED);

    /// @param directory of the node's pods
    public static CgroupRemains of(Path directory) {
        return new CgroupRemains(KernelCgroups.of(InstantSource.system()), CgroupFiles.text(directory.resolve(NOTE)));
    }

    /// Writes down where they are, for whoever cleans up.
    public static void note(Path directory, String root) throws IOException {
        if (CgroupFiles.text(directory.resolve(NOTE)).equals(root)) return;
        Files.createDirectories(directory);
        AtomicFile.write(directory.resolve(NOTE), root.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
    }

    /// Removes those in which nothing runs.
    public void remove() {
        for (var qos : CLASSES) {
            var parent = PodCgroup.ofClass(root, qos);
            for (var child : cgroups.children(parent))
                if (PodCgroup.uid(child).isPresent()) removeUnused(parent + "/" + child);
        }
        // The classes first, guaranteed pods are with all.
        for (var qos : CLASSES) {
            var parent = PodCgroup.ofClass(root, qos);
            if (cgroups.children(parent).isEmpty()) removeUnused(parent);
        }
    }

    private void removeUnused(String name) {
        if (!cgroups.processes(name).isEmpty()) return;
        try {
            cgroups.remove(name);
        } catch (IOException e) {
            LOG.debug("{}: {}", name, e.getMessage());
        }
    }
}
